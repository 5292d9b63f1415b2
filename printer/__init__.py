"""Turns slips into paper: layout, ESC/POS, the wire, a virtual printer and the agent.

Knows nothing of the queue: it runs as its own process, possibly on another machine.
"""
