"""Puts letters, pictures and codes on paper, as an ESC/POS printer's commands ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PIL import Image, ImageChops

from .escpos_commands import TEXT, Command, raster_size
from .letter_cells import CELL_WIDTH, CODE_PAGES, Look, draw_letter
from .qr_code import draw_modules

USUAL_SPACING = 30  # dots from one base line to the next
QR_LEVELS = {48: "L", 49: "M", 50: "Q", 51: "H"}
WHITE = 255


class PrintHead:
    """Collects the strips of one sheet. `width` is what letters and codes are aligned to."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._strips: list[Image.Image] = []
        self._moved = 0
        self.reset()

    def reset(self) -> None:
        """Everything as after switching on; what is on the paper already stays there."""
        self._look = Look()
        self._code_page = CODE_PAGES[0]
        self._align = 0
        self._spacing = USUAL_SPACING
        self._line: list[tuple[int, Image.Image]] = []
        self._x = 0
        self._code = b""
        self._code_size, self._code_level = 3, "L"
        self._kept_picture: Image.Image | None = None

    def obey(self, command: Command) -> bool:
        """Whether it is a command for the print head; then it is done."""
        action = ACTIONS.get(command.name)
        return action is not None and action(self, command.content) is not False

    def take_moved(self) -> int:
        """The rows of dots that the paper has moved since this was asked last."""
        moved, self._moved = self._moved, 0
        return moved

    def tear_off(self) -> Image.Image | None:
        """The sheet so far, which is gone from the printer then; None when nothing is on it."""
        strips, self._strips = self._strips, []
        return _joined(strips) if strips else None

    @property
    def is_in_a_line(self) -> bool:
        """Whether letters wait for the end of their line."""
        return bool(self._line)

    def write(self, content: bytes) -> None:
        """Letters in the code page that is set; a full line is printed."""
        for letter in content.decode(self._code_page, errors="replace"):
            cell = draw_letter(letter, self._look)
            if self._x + cell.width > self._width:
                self.end_line()
            self._line.append((self._x, cell))
            self._x += cell.width

    def end_line(self) -> None:
        """Print what waits, or feed one line."""
        if not self._line:
            self._x = 0
            self.feed(self._spacing)
            return
        height = max(cell.height for _, cell in self._line)
        line = Image.new("1", (self._x, max(height, self._spacing)), WHITE)
        for x, cell in self._line:
            line.paste(cell, (x, height - cell.height))
        self._line, self._x = [], 0
        self._add(self._aligned(line, fill=True))

    def feed(self, rows: int) -> None:
        """White paper. Above everything else nobody sees it, so it is not kept there."""
        self._moved += rows
        if rows and self._strips:
            self._strips.append(Image.new("1", (self._strips[0].width, rows), WHITE))

    def print_picture(self, content: bytes) -> None:
        width_bytes, rows = raster_size(content)
        if width_bytes and rows:
            dots = Image.frombytes("1", (width_bytes * 8, rows), content[6:])
            self._add(self._aligned(ImageChops.invert(dots)))

    def change(self, **changes: object) -> None:
        """Letters look different from here on."""
        self._look = replace(self._look, **changes)  # type: ignore[arg-type]  # names from below

    def use_code_page(self, content: bytes) -> bool:
        page = CODE_PAGES.get(content[0])
        self._code_page = page or self._code_page
        return page is not None

    def align(self, content: bytes) -> None:
        if not self._line:  # printers ignore it in the middle of a line
            self._align = content[0] % 48

    def set_spacing(self, dots: int) -> None:
        self._spacing = dots

    def move_to(self, x: int) -> None:
        self._x = max(0, min(x, self._width))

    def move_by(self, content: bytes) -> None:
        self.move_to(self._x + int.from_bytes(content, "little", signed=True))

    def feed_lines(self, count: int) -> None:
        self._end_open_line()
        self.feed(count * self._spacing)

    def feed_dots(self, count: int) -> None:
        self._end_open_line()
        self.feed(count)

    def obey_block(self, content: bytes) -> bool:
        """GS ( k draws a QR code and GS ( L a picture; the other blocks are not for paper."""
        if content[:1] == b"L":
            return self.obey_graphics(content[3:])
        return content[:1] == b"k" and content[3:4] == b"1" and self._obey_code(content[4:])

    def obey_graphics(self, content: bytes) -> bool:
        """Keep a picture, or print the one that was kept."""
        if content[1] == 112:
            width, rows = (int.from_bytes(content[at : at + 2], "little") for at in (6, 8))
            dots = Image.frombytes("1", (width, rows), content[10:])
            self._kept_picture = ImageChops.invert(dots)
        elif self._kept_picture is not None and content[1] in (2, 50):
            self._add(self._aligned(self._kept_picture))
            self._kept_picture = None
        return content[1] in (2, 50, 112)

    def _obey_code(self, content: bytes) -> bool:
        function, rest = content[0], content[1:]
        if function == 67:
            self._code_size = max(1, min(rest[0], 16))
        elif function == 69:
            self._code_level = QR_LEVELS.get(rest[0], "L")
        elif function == 80:
            self._code = rest[1:]
        elif function == 81:
            self._print_code()
        return function in (65, 67, 69, 80, 81)

    def _print_code(self) -> None:
        if self._code:
            small = draw_modules(self._code, self._code_level)
            size = small.width * self._code_size, small.height * self._code_size
            self._add(self._aligned(small.resize(size, Image.Resampling.NEAREST), fill=True))

    def _end_open_line(self) -> None:
        if self._line:
            self.end_line()

    def _aligned(self, picture: Image.Image, fill: bool = False) -> Image.Image:
        """The picture where it belongs; a picture at the left keeps its own width."""
        if not fill and (not self._align or picture.width >= self._width):
            return picture
        strip = Image.new("1", (max(self._width, picture.width), picture.height), WHITE)
        spare = strip.width - picture.width
        strip.paste(picture, ((0, spare // 2, spare)[self._align % 3], 0))
        return strip

    def _add(self, strip: Image.Image) -> None:
        self._strips.append(strip)
        self._moved += strip.height


def _joined(strips: list[Image.Image]) -> Image.Image:
    width = max(strip.width for strip in strips)
    sheet = Image.new("1", (width, sum(strip.height for strip in strips)), WHITE)
    y = 0
    for strip in strips:
        sheet.paste(strip, (0, y))
        y += strip.height
    return sheet


def _is_on(content: bytes) -> bool:
    return bool(content[0] & 1)


def _set_mode(head: PrintHead, content: bytes) -> None:
    bits = content[0]
    wide, high = 1 + bool(bits & 0x20), 1 + bool(bits & 0x10)
    head.change(wide=wide, high=high, bold=bool(bits & 0x08), underline=int(bool(bits & 0x80)))


Action = Callable[[PrintHead, bytes], bool | None]

# What an action does not know it says with False; commands without effect on paper do nothing.
ACTIONS: dict[bytes, Action] = {
    TEXT: PrintHead.write,
    b"\n": lambda head, _: head.end_line(),
    b"\t": lambda head, _: head.move_to((head._x // (8 * CELL_WIDTH) + 1) * 8 * CELL_WIDTH),
    b"\x1b!": _set_mode,
    b"\x1b$": lambda head, content: head.move_to(int.from_bytes(content, "little")),
    b"\x1b-": lambda head, content: head.change(underline=content[0] % 48),
    b"\x1b2": lambda head, _: head.set_spacing(USUAL_SPACING),
    b"\x1b3": lambda head, content: head.set_spacing(content[0]),
    b"\x1bE": lambda head, content: head.change(bold=_is_on(content)),
    b"\x1bG": lambda head, content: head.change(bold=_is_on(content)),
    b"\x1bJ": lambda head, content: head.feed_dots(content[0]),
    b"\x1b\\": PrintHead.move_by,
    b"\x1ba": PrintHead.align,
    b"\x1bd": lambda head, content: head.feed_lines(content[0]),
    b"\x1bt": PrintHead.use_code_page,
    b"\x1d!": lambda head, content: head.change(
        wide=1 + (content[0] >> 4 & 7), high=1 + (content[0] & 7)
    ),
    b"\x1d(": PrintHead.obey_block,
    b"\x1d8": lambda head, content: head.obey_graphics(content[5:]),
    b"\x1dB": lambda head, content: head.change(inverse=_is_on(content)),
    b"\x1db": lambda head, content: head.change(smooth=_is_on(content)),
    b"\x1dv": PrintHead.print_picture,
}
