"""`profile`: what is known of a publisher's pages."""

from __future__ import annotations

from pathlib import Path

import click

from backfile.terminal import plain


@click.group()
def profile() -> None:
    """Make and test publisher profiles (docs/extending.md).

    \b
    backfile profile new tests/page.html > gazette.toml
    backfile profile test gazette.toml tests/page.html
    """


@profile.command("new")
@click.argument("page")
@click.option("--url", default="", help="The page's address, where the file does not tell.")
@click.option("--allow-private", is_flag=True, help="Fetch also from this machine and private networks.")
def new(page: str, url: str, allow_private: bool) -> int:
    """Print the beginnings of a profile, made from PAGE: an address, or a saved file.

    \b
    backfile profile new https://www.gazette.example/2025/tide.html > gazette.toml
    """
    from backfile.profiling import fetched_page, skeleton
    from backfile.saving import first_page

    is_address = page.startswith(("http://", "https://"))
    capture = fetched_page(page, allow_private=allow_private) if is_address else first_page(Path(page), url)
    click.echo(skeleton(capture), nl=False)
    return 0


@profile.command("test")
@click.argument("profile_file", type=click.Path(path_type=Path), metavar="PROFILE")
@click.argument("pages", nargs=-1, type=click.Path(path_type=Path))
def test(profile_file: Path, pages: tuple[Path, ...]) -> int:
    """Run the checks of a PROFILE, and show what it changes on saved PAGES.

    \b
    backfile profile test gazette.toml
    backfile profile test gazette.toml ~/saved/gazette-*.html
    """
    from backfile.profiling import compare_on, failed_checks, read_profile

    chosen = read_profile(profile_file)
    failed = list(failed_checks(chosen))
    for line in failed:
        click.echo(f"failed: {plain(line)}")
    click.echo(f"{len(chosen.checks) - len(failed)} of {len(chosen.checks)} checks pass")
    for page in pages:
        for line in compare_on(chosen, page):
            click.echo(plain(line))
    return 1 if failed else 0


COMMANDS = (profile,)
