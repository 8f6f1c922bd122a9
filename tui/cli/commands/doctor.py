"""``morgue doctor``: tell what is installed, missing or odd on this machine."""

from __future__ import annotations

import click

from tui.cli.common import Shared, json_option, on_archive, print_lines, quiet_option
from tui.cli.exit_codes import DAMAGED, DONE, INTERNAL


@click.command("doctor")
@json_option
@quiet_option
@on_archive
def command(shared: Shared, as_json: bool, quiet: bool) -> int:
    """Tell what is installed, missing or odd: packages, the model, folders, the archive. Exits 5 unless all is well.

    Takes some ten seconds. No network is used, and nothing in the archive is changed. Exits 70 where nothing is wrong
    but the system did not let something be looked at, for want of memory or files.
    """
    from index.installation.doctor import diagnose
    from index.installation.finding import State
    from tui.formats.doctor import doctor_line, doctor_object, is_well, verdict_line

    findings = []
    for finding in diagnose(shared.archive):
        findings.append(finding)
        if not as_json and not (quiet and is_well([finding])):
            print_lines([doctor_line(finding)])
    if as_json:
        from tui.formats.json import to_line

        click.echo(to_line(doctor_object(findings)))
    elif not quiet:
        print_lines([verdict_line(findings)])
    if is_well(findings):
        return DONE
    return DAMAGED if any(finding.state not in (State.OK, State.UNKNOWN) for finding in findings) else INTERNAL
