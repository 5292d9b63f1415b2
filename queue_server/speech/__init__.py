"""How calls are heard: wording, voices, gongs. Knows the configuration, no ticket and no page.

Slow work (engines, loudness) runs in a process of its own, `python -m queue_server.speech`;
the server itself only asks `voices`.
"""
