"""`export`, `extract`: articles for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from backfile.commands.options import (
    Asking,
    cleaning,
    cluster_option,
    end,
    jobs_option,
    json_option,
    load,
    own_option,
    profiles_option,
    quiet_option,
    site_option,
)
from backfile.report import Report
from backfile.terminal import progress_bar


@click.command(cls=Asking)
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("query", nargs=-1)
@site_option
@click.option("--for", "--format", "name", required=True, help="hugo, zola, pelican, jekyll, obsidian, epub, jsonl, …")
@quiet_option
@json_option
def export(out: Path, query: tuple[str, ...], site_folder: Path | None, name: str, **how: bool) -> int:
    """Write all articles, or those that QUERY finds as `backfile search` does, to OUT for another program.

    \b
    backfile export --for hugo ../my-hugo-site
    backfile export --format epub tide.epub tide -storm 'publisher:"Harbour Post"' after:2020
    """
    from backfile.exporting import export as write_export
    from backfile.exporting import exporters

    if name not in exporters():
        raise click.UsageError(f"there is no format {name}. There are: {', '.join(exporters())}")
    report = Report()
    write_export(load(site_folder), name, out, " ".join(query) if query else None, report)
    return end(report, {**how, "strict": False})


@click.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("-o", "--out", required=True, help="A folder, or any address that fsspec knows (s3://…).")
@click.option("--format", "form", type=click.Choice(["jsonl", "parquet", "markdown"]), default="jsonl")
@click.option("--slice", "megabytes", type=click.IntRange(1), default=64, help="Megabytes of a WARC file for one task.")
@profiles_option
@own_option
@jobs_option
@cluster_option
@quiet_option
@json_option
def extract(sources: tuple[str, ...], out: str, form: str, megabytes: int, **how: Any) -> int:
    """Write the articles of large collections (WARC files, or any saved files) as data, without a site.

    Parts that are finished are not made again. The columns are described in docs/scaling.md.

    \b
    backfile extract crawl-*.warc.gz -o articles
    backfile extract s3://bucket/crawl/ -o s3://bucket/out --format parquet
    """
    from backfile.extracting import OUTCOMES, ExtractOptions
    from backfile.extracting import extract as extract_all
    from backfile.workers import default_jobs, executor

    chosen = cleaning(how["site_folder"], profiles=how["profiles"])
    options = ExtractOptions(out=out, format=form, size=megabytes << 20, cleaning=chosen)
    report = Report()
    with (
        progress_bar(quiet=how["quiet"] or how["as_json"]) as progress,
        executor(how["jobs"] or default_jobs(), how["cluster"]) as pool,
    ):
        extract_all(sources, options, report, pool, progress)
    return end(report, {**how, "strict": False}, OUTCOMES)


COMMANDS = (
    export,
    extract,
)
