"""What Morgue runs in, as far as copying depends on it, and which programs lead to a clipboard from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# Terminals that show such a sequence or drop it: the console of Linux, and what has no cursor or no strings.
_WITHOUT_STRINGS: Final = ("linux", "dumb", "vt100", "vt220", "unknown")
_NESTING: Final = ("tmux", "screen")


@dataclass(frozen=True, slots=True)
class Program:
    """A program that takes what it reads for the clipboard.

    Attributes:
        name: looked for on the PATH.
        arguments: that follow.
        encoding: in which it reads.
    """

    name: str
    arguments: tuple[str, ...] = ()
    encoding: str = "utf-8"


PBCOPY: Final = Program("pbcopy")
WL_COPY: Final = Program("wl-copy", ("--type", "text/plain"))
XCLIP: Final = Program("xclip", ("-selection", "clipboard", "-in"))
XSEL: Final = Program("xsel", ("--clipboard", "--input"))
CLIP: Final = Program("clip.exe", encoding="utf-16")  # with a mark of its byte order: else it guesses a code page


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where Morgue runs.

    Attributes:
        platform: as ``sys.platform`` has it.
        term: the terminal's type, ``$TERM``.
        in_tmux: a server of tmux can be asked.
        in_screen: the terminal is GNU screen's.
        remote: the person sits at another machine (SSH); the desktop of this one is not theirs.
        wayland: there is a Wayland desktop.
        display: the X server, ``$DISPLAY``; empty without one.
        in_windows: Windows, or its subsystem for Linux.
    """

    platform: str = "linux"
    term: str = ""
    in_tmux: bool = False
    in_screen: bool = False
    remote: bool = False
    wayland: bool = False
    display: str = ""
    in_windows: bool = False

    @classmethod
    def of(cls, environment: Mapping[str, str], platform: str) -> Surroundings:
        """Read them off the environment."""
        return cls(
            platform=platform,
            term=environment.get("TERM", ""),
            in_tmux=bool(environment.get("TMUX")),
            in_screen=bool(environment.get("STY")),
            remote=bool(environment.get("SSH_CONNECTION") or environment.get("SSH_TTY")),
            wayland=bool(environment.get("WAYLAND_DISPLAY")),
            display=environment.get("DISPLAY", ""),
            in_windows=platform == "win32" or bool(environment.get("WSL_DISTRO_NAME")),
        )

    @property
    def programs(self) -> tuple[Program, ...]:
        """Return the programs that may lead to the person's own clipboard, the best first."""
        desktop = not self.remote
        choices = (
            (PBCOPY, desktop and self.platform == "darwin"),
            (CLIP, desktop and self.in_windows),
            (WL_COPY, desktop and self.wayland),
            (XCLIP, self._has_x),
            (XSEL, self._has_x),
        )
        return tuple(program for program, leads in choices if leads)

    @property
    def _has_x(self) -> bool:
        """Tell whether the X server is the person's: this machine's, or one that SSH forwards, which names a host."""
        return bool(self.display) and (not self.remote or not self.display.startswith(":"))

    @property
    def takes_sequences(self) -> bool:
        """Tell whether the terminal may be sent a clipboard's content; whether it takes it is another matter."""
        return self.term.partition("-")[0] not in _WITHOUT_STRINGS

    @property
    def beyond_tmux(self) -> bool:
        """Tell whether what is sent meets a tmux that cannot be asked, such as the one that SSH was begun in."""
        return self.in_tmux or (not self.in_screen and self.term.partition("-")[0] in _NESTING)
