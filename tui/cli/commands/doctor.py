"""``morgue doctor``: tell what is installed, missing or odd on this machine."""

from __future__ import annotations

import click

from tui.cli.common import Shared, json_option, on_archive, print_lines, quiet_option
from tui.cli.exit_codes import DAMAGED, DONE


@click.command("doctor")
@json_option
@quiet_option
@on_archive
def command(shared: Shared, as_json: bool, quiet: bool) -> int:
    """Tell what is installed, missing or odd: packages, the model, folders, the archive. Exits 5 unless all is well.

    Takes some ten seconds. No network is used, and nothing in the archive is changed.
    """
    from index.installation.doctor import diagnose
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
    return DONE if is_well(findings) else DAMAGED
