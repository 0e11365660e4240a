"""Each command that a page gives its readers is played as it is written, with files of ours under the names it uses."""

from __future__ import annotations

import csv
import io
import os
import re
import shlex
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
import requests
import xlsxwriter

from fs_pipeline.cli import main
from fs_pipeline.resources import Pipeline, load_territory
from fs_pipeline.run import settings_for
from fs_pipeline.warehouse.declared import declaration
from tests.conftest import skip_or_fail

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "README.md",
    "README.en.md",
    "CONTRIBUTING.md",
    *(
        f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md") if path.name != "first-hour.md"
    ),  # test_first_hour.py
)
_BLOCK = re.compile(r"^ *```(?P<language>\w*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
_VARIABLE = re.compile(r"[A-Z][A-Z_]*=\S*")
_QUIET = {"DAGSTER_DISABLE_TELEMETRY": "1"}
_SQL = ("select", "update")
_NAMES = {"run", "tell", "campaign advance"}  # that a sentence names without giving them to type
READERS = ("fs_pipeline/settings.py", "deploy/celery/dagster.yaml", "deploy/celery/dagster_celery_config.py")  # of FS_…
# What another test plays, or no test can: what it is, by how the command begins.
ELSEWHERE = {
    "fs-pipeline COMMANDE --help": "test_command_line.py",
    "fs-pipeline answers undo": "test_survey.py",
    "fs-pipeline dev": "test_the_services_of_operating_start",
    "fs-pipeline publish": "tests/unit/opendata/test_command.py",
    "fs-pipeline run --campaign 2022-12 --all": "test_national_run.py",
    "dagster-webserver": "test_the_services_of_operating_start",
    "celery --app": "test_celery.py",
    "dagster-daemon": "test_the_services_of_operating_start",
    "python3 -m venv": "tools/bare_system.py: the Makefile's own first step",
    "/srv/fs/env/bin/pip": "tools/bare_system.py and test_wheel.py",
    "helm ": "no cluster is here: test_kubernetes.py holds the values against the chart's keys and the launcher",
    "kubectl ": "as helm",
    "docker build": "tools/try_image.py plays the image's steps",
    "createdb": "test_a_warehouse_of_postgresql_is_saved_and_restored",
    "pg_dump": "test_a_warehouse_of_postgresql_is_saved_and_restored",
    "fs-pipeline verify /sauvegarde": "test_backup.py, as the one below",
    "fs-pipeline restore": "test_backup.py",
    "fs-pipeline tell --test": "test_telling.py",
    "* * * * *": "a line of cron",
    "export AWS": "test_s3.py",
    ".venv/bin/pre-commit": "it runs the Makefile's lint and types, and needs its hooks from the web",
    "FS_WRITE_SNAPSHOT": "tests/graph",
}
PLACES = """\
Type;Nom;Adresse;Code postal;Commune;Téléphone;Horaires;Latitude;Longitude
Mairie;Mairie de Bazas;Place de la Cathédrale;33430;Bazas;05 56 00 00 01;lundi au vendredi 9h-12h;44.432;-0.21
France services;Maison du pays de Langon;Cours des Fossés;33210;Langon;05 56 00 00 02;mardi 14h-17h;44.553;-0.248
Médiathèque;Médiathèque de La Réole;Rue des Écoles;33190;La Réole;05 56 00 00 03;samedi 9h-12h;44.58;-0.038
Tiers-lieu;Chez Zénaïde;Rue Longue;33210;Langon;05 56 00 00 04;lundi 9h-12h;44.5535;-0.247
"""
LISTED = "id,name,address,postcode,commune,latitude,longitude\na,Mairie,Place 1,33430,Bazas,44.43,-0.21\n"
DEMAND = "id,latitude,longitude,population\n33036,44.43,-0.21,4700\n"
OFFER = "service,id,latitude,longitude\nlabel,a,44.5,-0.2\n"


@dataclass(frozen=True)
class Command:
    """One line that a reader would type, and the page that gives it."""

    page: str
    text: str


def commands() -> Iterator[Command]:
    """Every command of every page, in the order in which it is read."""
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        found: list[tuple[int, str]] = []
        for block in _BLOCK.finditer(text):
            if not block["language"] or block["language"] == "sql":
                found += [(block.start(), line) for line in _lines(block["text"])]
        prose = _BLOCK.sub(lambda block: " " * len(block[0]), text)
        found += [(one.start(), one[1]) for one in _INLINE.finditer(prose) if _is_command(one[1])]
        yield from (Command(page, line) for _, line in sorted(found))


def _lines(block: str) -> Iterator[str]:
    """The commands of a block: a quoted text or a query may be several lines, what follows a # is said to the reader."""
    pending = ""
    for line in block.splitlines():
        pending = f"{pending}\n{line}" if pending else line
        if pending.count('"') % 2 or (pending.startswith(_SQL) and ";" not in pending):
            continue
        if said := re.sub(r"\s+#\s.*$", "", pending).strip():
            yield said
        pending = ""


def _is_command(text: str) -> bool:
    words = text.split()
    while words and _VARIABLE.fullmatch(words[0]):
        words.pop(0)
    begins = ("fs-pipeline", "make", "python", ".venv/bin/", "sqlite3", "createdb", "pg_dump", "cp", *_SQL)
    return len(words) > 1 and words[0].startswith(begins)


def _is_played(command: Command) -> bool:
    named = command.text.removeprefix("fs-pipeline ") in _NAMES
    return not named and not any(start in command.text for start in ELSEWHERE)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a file under each name that the pages use; the installation of /srv/fs is beside it."""
    folder = tmp_path_factory.mktemp("desk")
    for name in ("enquete.xlsx", "survey.xlsx"):
        with xlsxwriter.Workbook(folder / name) as workbook:
            sheet = workbook.add_worksheet("Lieux")
            for number, row in enumerate(csv.reader(PLACES.splitlines(), delimiter=";")):
                sheet.write_row(number, 0, row)
    for name in ("gauche", "droite", "left", "right"):
        (folder / f"{name}.csv").write_text(LISTED, encoding="utf-8")
    for names, text in ((("demande", "demand"), DEMAND), (("lieux", "places"), OFFER)):
        for name in names:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "france-services.csv").write_text("".join(_listed()), encoding="utf-8")
    declared = 'campaign_reference_date = 2022-12-01\n[sources]\nfrance_services = "france-services.csv"\n'
    (folder / "sources.toml").write_text(declared, encoding="utf-8")
    (folder / "requirements").symlink_to(ROOT / "requirements")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in ("FS_HOME", "FS_DATABASE_URL", "FS_FILES_URL", "FS_DEPOSITS_URL", "DAGSTER_HOME"):
            patch.delenv(name, raising=False)
        patch.setenv("FS_SOURCES", str(folder / "sources.toml"))
        assert _fs_pipeline("run --campaign 2022-12 --department 33 --survey enquete.xlsx --sources sources.toml") == 0
        shutil.copy(next((folder / "out/2022-12/33").rglob("a-liberer.csv")), folder)
        header = ",".join(declaration("questions").own_names)
        (folder / "rapprochements.csv").write_text(f"{header}\n", encoding="utf-8")
        yield folder


def _listed() -> Iterator[str]:
    """A national list of 500 houses, enough to be believed: ten in Gironde, ten in the Territoire de Belfort."""
    yield "id_fs,insee_dep,lib_fs,adresse,insee_com,code_postal,lib_com,latitude,longitude,itinerance,format_fs\n"
    halls = load_territory().communes.dropna(subset=["latitude", "longitude"])
    chosen = [halls[halls["departement"] == code].head(10) for code in ("33", "90")]
    for number, row in enumerate(pd.concat([*chosen, halls.tail(480)]).itertuples(), start=1):
        home = f"{row.insee},{row.insee},{row.name},{row.latitude},{row.longitude}"
        yield f"{number},{row.departement},France services de {row.name},1 place de la Mairie,{home},Non,Site principal\n"


def _fs_pipeline(text: str, home: Path | None = None) -> int:
    with pytest.MonkeyPatch.context() as patch:
        if home is not None:
            patch.setenv("FS_HOME", str(home))
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"lundi 9h-12h\n")))
        return main(shlex.split(text))


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_do_what_it_says(page: str, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = desk / f"home-{Path(page).stem}"
    shutil.copytree(desk / "out/var", home)
    played = [one.text for one in commands() if one.page == page and _is_played(one)]
    for text in played:
        words = text.replace("/srv/fs", str(home)).replace("/sauvegarde", str(desk / "backups")).split(maxsplit=1)
        while _VARIABLE.fullmatch(words[0]):
            words = words[1].split(maxsplit=1)
        program, rest = words[0], words[1] if len(words) > 1 else ""
        if program == "fs-pipeline":
            new = home.with_name(f"{home.name}-new")  # where a campaign is opened, nothing has run
            decided = new if "campaign open" in text or (new.exists() and rest.startswith("campaign")) else home
            installed = (
                "FS_HOME" in text
                or "…" in text
                or rest.startswith(("backup", "campaign", "migrate", "releases", "rulings", "tell", "tidy", "verify"))
            )
            code = _fs_pipeline(rest.replace("…", "2022-12", 1).replace("…", "33"), decided if installed else None)
            assert code in ({0, 1} if rest.startswith(("check", "sources check")) else {0}), (text, capsys.readouterr())
        elif program in {"sqlite3", *_SQL}:
            _query(text, home)
        elif program == "make":
            assert re.search(rf"^{rest.split()[0]}:", (ROOT / "Makefile").read_text(), re.MULTILINE), text
        elif program == "export":
            for name in re.findall(r"\bFS_[A-Z_]+(?==)", text):
                assert any(name in (ROOT / reader).read_text() for reader in READERS), text
        else:
            assert program in {"python", ".venv/bin/python"}, text
            assert (ROOT / rest.split()[0]).is_file(), text


def _query(text: str, home: Path) -> None:
    """Put the query to the warehouse; `.backup` is the same copy that Python makes."""
    query = re.search(r'"(.*)"', text, re.DOTALL)[1] if text.startswith("sqlite3") else text.rstrip(";")  # type: ignore[index]
    with sqlite3.connect(home / "warehouse.db") as warehouse:
        if query.startswith(".backup"):
            with sqlite3.connect(home / "copy.db") as copy:
                warehouse.backup(copy)
                assert copy.execute("select count(*) from slot_status").fetchone()[0] > 0
        else:
            warehouse.execute(query.replace("…", "none"))


def test_what_is_played_elsewhere_is_still_on_a_page() -> None:
    """And the pages hold enough commands for this file to mean something."""
    found = [one.text for one in commands()]
    assert len(found) > 40
    for start in ELSEWHERE:
        assert any(start in text for text in found), start


def test_the_sources_file_of_a_page_is_read(tmp_path: Path) -> None:
    for page in PAGES:
        for block in _BLOCK.finditer((ROOT / page).read_text(encoding="utf-8")):
            if block["language"] == "toml":
                path = tmp_path / "sources.toml"
                path.write_text(re.sub("^ +", "", block["text"], flags=re.MULTILINE), encoding="utf-8")
                assert tomllib.loads(path.read_text(encoding="utf-8"))
                assert not Pipeline(settings_for(tmp_path / "out", path)).sources.unknown


def test_a_warehouse_of_postgresql_is_saved_and_restored(postgres_url: str, desk: Path, tmp_path: Path) -> None:
    """`pg_dump -Fc`, `createdb`, `pg_restore`, as docs/operating.md gives them."""
    if not all(map(shutil.which, ("pg_dump", "createdb", "pg_restore", "dropdb"))):
        skip_or_fail("FS_REQUIRE_SERVICES", "PostgreSQL's own commands are not here")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FS_DATABASE_URL", postgres_url)
        ran = "run --campaign 2022-12 --department 33 --survey enquete.xlsx --sources sources.toml"
        assert _fs_pipeline("migrate", tmp_path / "home") == 0
        assert _fs_pipeline(ran, tmp_path / "home") == 0
    from sqlalchemy import create_engine, make_url, text

    url = make_url(postgres_url)
    there = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    environment = os.environ | {name: str(value) for name, value in there.items() if value}
    other = f"{url.database}_restored"

    def say(*words: str) -> None:
        subprocess.run(words, env=environment, check=True, capture_output=True)

    say("pg_dump", "-Fc", str(url.database), "-f", str(tmp_path / "fs.dump"))
    say("createdb", other)
    try:
        say("pg_restore", "-d", other, str(tmp_path / "fs.dump"))
        counted = []
        for database in (url, url.set(database=other)):
            engine = create_engine(database)
            with engine.connect() as connection:
                counted.append(connection.execute(text("select count(*) from places")).scalar())
            engine.dispose()
        assert counted[0] == counted[1] > 0
    finally:
        say("dropdb", other)


def test_the_services_of_operating_start(tmp_path: Path) -> None:
    """`dagster-webserver` and `dagster-daemon` over workspace.yaml: the code is loaded, the page answers, the heart beats."""
    environment = os.environ | {"DAGSTER_HOME": str(tmp_path), "FS_HOME": str(tmp_path / "fs")} | _QUIET
    (tmp_path / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port = asking.getsockname()[1]
    scripts = Path(sys.executable).parent
    services = [
        subprocess.Popen([scripts / words[0], *words[1:]], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        for words in (
            ["dagster-webserver", "-w", "workspace.yaml", "-p", str(port)],
            ["dagster-daemon", "run", "-w", "workspace.yaml"],
        )
    ]
    query = (
        "{ workspaceOrError { ... on Workspace { locationEntries { loadStatus name } } }"
        " instance { daemonHealth { allDaemonStatuses { healthy required } } } }"
    )
    try:
        for _ in range(120):
            time.sleep(1)
            try:
                said = requests.post(f"http://127.0.0.1:{port}/graphql", json={"query": query}, timeout=30).json()[
                    "data"
                ]
            except requests.RequestException:  # not there yet, or busy
                continue
            hearts = said["instance"]["daemonHealth"]["allDaemonStatuses"]
            if all(heart["healthy"] for heart in hearts if heart["required"]):
                break
        (entry,) = said["workspaceOrError"]["locationEntries"]
        assert entry == {"loadStatus": "LOADED", "name": "fs_pipeline"}
        assert all(heart["healthy"] for heart in hearts if heart["required"])
        assert any(heart["required"] for heart in hearts)
        assert all(service.poll() is None for service in services)
        assert requests.get(f"http://127.0.0.1:{port}/server_info", timeout=30).ok
        for tolerance, code in (("120", 0), ("-3600", 1)):
            asked = [scripts / "dagster-daemon", "liveness-check"]
            tolerant = environment | {"DAGSTER_DAEMON_HEARTBEAT_TOLERANCE": tolerance}
            assert subprocess.run(asked, env=tolerant, capture_output=True, check=False).returncode == code
    finally:
        for service in services:
            service.send_signal(signal.SIGINT)
        for service in services:
            try:
                service.wait(60)
            except subprocess.TimeoutExpired:  # how fast it leaves a busy machine is no matter of ours
                service.kill()
                service.wait()
