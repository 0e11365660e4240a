"""The national job on a bad network: whatever the server does, the last good list serves and nothing is emptied."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from fs_pipeline.assets.national import national_assets
from fs_pipeline.assets.reference import campaign, reference_assets
from fs_pipeline.campaigns.decisions import Decision, advancing, closing
from fs_pipeline.campaigns.register import decide
from fs_pipeline.http.limits import Limits
from fs_pipeline.national.telling import for_readers
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from tests.unit.http.bad_server import BadServer, body, cut, drip, raw, running, short, slow, status

CAMPAIGN = "2022-12"
FS, POSTE = "/france-services-2022-11-15.csv", "/la-poste-2022-11-01.csv"
LIMITS = Limits(connect_seconds=5, read_seconds=1.5, total_seconds=6, attempts=2, backoff_seconds=0.01)
FS_COLUMNS = ("id_fs", "insee_dep", "lib_fs", "adresse", "code_postal", "lib_com", "insee_com", "latitude", "longitude")
POSTE_COLUMNS = (
    "#Identifiant_du_site", "Libellé_du_site", "Caractéristique_du_site", "Adresse", "Code_postal", "Localité",
    "Code_INSEE", "Latitude", "Longitude",
)  # fmt: skip


def table(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([columns, *rows])
    return text.getvalue()


FS_ROWS = [
    (number, "01", f"France services {number}", f"{number} rue A", "01000", "Bourg-en-Bresse", "01053", 46.2, 5.22)
    for number in range(40)
]
GOOD_FS = table(FS_COLUMNS, FS_ROWS)
GOOD_POSTE = table(
    POSTE_COLUMNS,
    [
        (f"{number}A", f"BOURG {number}", "Bureau de poste", "1 rue A", "01000", "BOURG", "01053", 46.2, 5.2)
        for number in range(20)
    ],
)
PAGE = "<!DOCTYPE html>\n<html><title>Maintenance</title><body>Le site revient bientôt.</body></html>"

FAULTS = {
    "silent": [slow(2.5)],
    "dripping": [drip(0.05)],
    "cut": [cut(500, GOOD_FS)],
    "cut_and_cannot_resume": [cut(500, GOOD_FS, ETag='"2"')],
    "announces_more_than_it_sends": [cut(len(GOOD_FS.encode()) - 10, GOOD_FS)],
    "announces_less_than_it_has": [short(len(GOOD_FS.encode()) - 20, GOOD_FS)],
    "redirects_in_circles": [status(302, Location=FS)],
    "redirects_nowhere": [status(302, Location="http://nulle-part.invalid/liste.csv")],
    "redirects_into_the_network": [status(302, Location="http://169.254.169.254/latest/meta-data/")],
    "redirects_to_a_file": [status(302, Location="file:///etc/hostname")],
    "drips_its_headers": [raw(b"HTTP/1.1 200 OK\r\n", *[b"x"] * 400, pause=0.05)],
    "redirects_to_a_page": [status(302, Location="/page")],
    "asks_to_come_back_tomorrow": [status(429, Retry_After="86400")],
    "stays_down": [status(503)],
    "gone": [status(404)],
    "renames_a_column": [body(GOOD_FS.replace("lib_com", "ville"))],
    "swaps_the_contents": [body(table(FS_COLUMNS, [(row[0], *row[5:0:-1], "?", *row[7:]) for row in FS_ROWS]))],
    "empties_a_column": [body(table(FS_COLUMNS, [(*row[:2], "", *row[3:]) for row in FS_ROWS]))],
    "empties_the_postcodes": [body(table(FS_COLUMNS, [(*row[:4], "", *row[5:]) for row in FS_ROWS]))],
    "empties": [body(GOOD_FS.splitlines()[0] + "\n")],
    "sends_nothing": [body("")],
    "halves": [body("\n".join(GOOD_FS.splitlines()[:15]) + "\n")],
    "sends_a_page": [body(PAGE, Content_Type="text/html")],
    "sends_an_error_as_json": [body('{"error": "quota"}', Content_Type="application/json")],
    "sends_binary": [body(b"%PDF-1.7\n\x00\x01\x02" * 100, Content_Type="text/csv")],
    "sends_a_bomb": [body(gzip.compress(bytes(60_000_000)), Content_Type="application/gzip")],
    "sends_half_a_gzip": [body(gzip.compress(GOOD_FS.encode())[:-20])],
}


class Installation:
    """The national job over a home folder and a server, run as often as a test wants."""

    def __init__(self, folder: Path, server: BadServer) -> None:
        self.server = server
        server.answers |= {FS: [body(GOOD_FS)], POSTE: [body(GOOD_POSTE)], "/page": [body(PAGE)]}
        sources = folder / "live.toml"
        sources.write_text(
            "campaign_reference_date = 2022-12-01\n[sources]\n"
            f'france_services = "{server.url}{FS}"\nla_poste = "{server.url}{POSTE}"\n'
        )
        self.pipeline = Pipeline(Settings.at(folder / "var", sources_path=sources), limits=LIMITS)

    def run(self) -> dict[str, bool]:
        """The steps that ran, each succeeded or not."""
        with dg.DagsterInstance.ephemeral() as instance:
            instance.add_dynamic_partitions("campaign", [CAMPAIGN])
            result = dg.materialize(
                [campaign, *national_assets()],
                instance=instance,
                partition_key=CAMPAIGN,
                resources={"pipeline": dg.ResourceDefinition.hardcoded_resource(self.pipeline)},
                raise_on_error=False,
            )
        steps = [event for event in result.all_events if event.is_step_success or event.is_step_failure]
        return {str(event.step_key): event.is_step_success for event in steps}

    def decide(self, rule: Callable[..., Decision] = advancing, **more: object) -> None:
        """Have somebody take the lists again, at the same day unless another is said; or close the campaign."""
        asked = {"by": "SGAR", "at": "2023-01-20T08:00:00+00:00", **more}
        if rule is advancing:
            asked = {"day": "2022-12-01", "reason": "essai", **asked}
        decide(self.pipeline.warehouse, CAMPAIGN, partial(rule, **asked))

    def places(self, source: str = "france_services") -> pd.DataFrame:
        return self.pipeline.warehouse.read("national_places", {"campaign": CAMPAIGN, "source": source})

    def said(self, source: str = "france_services") -> pd.Series:
        rows = self.pipeline.warehouse.read("campaign_sources", {"campaign": CAMPAIGN, "source": source})
        assert len(rows) == 1
        return rows.iloc[0]


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with running() as server:
        yield Installation(tmp_path, server)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_last_good_list_serves_through_every_fault_and_says_what_to_do(installation, fault):
    assert all(installation.run().values())
    good, said = installation.places(), installation.said()
    assert (len(good), said["state"], said["as_of"], said["message"]) == (40, "taken", "2022-11-15", None)

    installation.server.answers[FS] = FAULTS[fault]
    installation.decide()
    assert all(installation.run().values())
    pd.testing.assert_frame_equal(installation.places(), good)
    told = installation.said()
    assert (told["state"], told["as_of"], told["sha256"]) == ("last_good", said["as_of"], said["sha256"])
    assert told["message"].startswith("Liste des France services\u00a0: ")
    assert "À faire\u00a0: " in told["message"]
    assert told["message"].endswith("En service\u00a0: la dernière bonne, liste du 15/11/2022, âgée de 16 jours.")
    assert len(installation.places("la_poste")) == 20

    installation.server.answers[FS] = [body(GOOD_FS.replace("rue A", "rue B"))]
    installation.run()
    assert installation.said()["state"] == "taken"
    assert installation.places()["address"].str.endswith("rue B").all()


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"url": "file:///etc/hostname", "last_modified": "2022-11-20"}, "n’est pas du web"),
        ({"url": "/etc/hostname", "last_modified": "2022-11-20"}, "n’est pas du web"),
        ({"url": "http://169.254.169.254/fs.csv", "last_modified": "2022-11-20"}, "réseau interne"),
        ({"last_modified": "2022-11-31"}, "n’est pas une date"),
        ({"last_modified": "../../../x"}, "n’est pas une date"),
    ],
)
def test_a_dataset_that_lies_once_breaks_its_source_neither_that_day_nor_after(tmp_path, entry, told):
    dataset = "/api/1/datasets/fs/"
    with running() as server:
        installation = Installation(tmp_path, server)
        sources = installation.pipeline.settings.sources_path
        sources.write_text(
            f'campaign_reference_date = 2022-12-01\n[sources]\nfrance_services = "{server.url}{dataset}#fs"\n'
        )
        installation.pipeline = Pipeline(installation.pipeline.settings, limits=LIMITS)
        server.answers["/fs.csv"] = [body(GOOD_FS)]
        good = {"title": "fs", "url": f"{server.url}/fs.csv", "last_modified": "2022-11-15"}

        def publish(resource: dict[str, str]) -> pd.Series:
            server.answers[dataset] = [body(json.dumps({"resources": [resource]}))]
            installation.run()
            installation.decide()
            return installation.said()

        assert publish(good)["state"] == "taken"
        bad = publish(good | entry)
        assert (bad["state"], bad["as_of"]) == ("last_good", "2022-11-15")
        assert told in bad["message"]
        server.answers["/fs.csv"] = [body(GOOD_FS.replace("rue A", "rue B"))]
        again = publish(good | {"last_modified": "2022-11-16"})
        assert (again["state"], again["as_of"], again["message"]) == ("taken", "2022-11-16", None)
    kept = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.suffix == ".csv"]
    assert all(path.startswith("var/files/snapshots/france_services/2022-11-1") for path in kept)


def test_a_list_that_was_really_reduced_is_taken_once_somebody_said_so(installation):
    installation.run()
    installation.server.answers[FS] = FAULTS["halves"]
    installation.decide()
    installation.run()
    assert 'accept_halved = ["france_services"]' in installation.said()["message"]
    sources = installation.pipeline.settings.sources_path
    sources.write_text('accept_halved = ["france_services"]\n' + sources.read_text())
    installation.pipeline = Pipeline(installation.pipeline.settings, limits=LIMITS)
    installation.run()
    assert (len(installation.places()), installation.said()["state"]) == (14, "taken")


SPOILT_FILES = {
    "emptied": b"",
    "header_only": GOOD_FS.splitlines()[0].encode() + b"\n",
    "halved": "\n".join(GOOD_FS.splitlines()[:15]).encode() + b"\n",
    "cut": GOOD_FS.encode()[:-25],
    "renamed_column": GOOD_FS.replace("lib_com", "ville").encode(),
    "page": PAGE.encode(),
    "workbook": b"PK\x03\x04" + bytes(100),
    "gone": None,
}


@pytest.mark.parametrize("spoilt", SPOILT_FILES)
def test_a_file_given_by_hand_that_was_spoilt_since_is_not_believed_either(tmp_path, spoilt):
    file, sources = tmp_path / "france-services.csv", tmp_path / "sources.toml"
    sources.write_text('campaign_reference_date = 2022-12-01\n[sources]\nfrance_services = "france-services.csv"\n')
    with running() as server:
        installation = Installation(tmp_path, server)
        installation.pipeline = Pipeline(Settings.at(tmp_path / "var", sources_path=sources), limits=LIMITS)
        file.write_text(GOOD_FS)
        installation.run()
        good = installation.places()
        if (content := SPOILT_FILES[spoilt]) is None:
            file.unlink()
        else:
            file.write_bytes(content)
        installation.decide()
        installation.run()
    pd.testing.assert_frame_equal(installation.places(), good)
    told = installation.said()
    assert (len(good), told["state"]) == (40, "last_good")
    assert "À faire\u00a0: " in told["message"]


@pytest.mark.parametrize("fault", ["stays_down", "sends_a_page", "empties", "sends_a_bomb"])
def test_a_source_that_was_never_good_fails_alone_and_says_why(installation, fault):
    installation.server.answers[FS] = FAULTS[fault]
    steps = installation.run()
    assert [step for step, succeeded in steps.items() if not succeeded] == ["national__france_services"]
    assert len(installation.places("la_poste")) == 20
    told = installation.said()
    assert (told["state"], told["as_of"]) == ("absent", None)
    assert "À faire\u00a0: " in told["message"]
    assert told["message"].endswith("ce qui en dépend n’est pas calculé.")


def test_rows_taken_before_stand_even_if_their_snapshot_was_lost(installation):
    installation.run()
    good, said = installation.places(), installation.said()
    for path in installation.pipeline.files.list("snapshots/france_services"):
        (Path(installation.pipeline.files.url) / path).unlink()
    installation.server.answers[FS] = [status(503)]
    assert not installation.run()["national__france_services"]
    pd.testing.assert_frame_equal(installation.places(), good)
    told = installation.said()
    assert (told["state"], told["as_of"], told["rows"]) == ("last_good", said["as_of"], 40)
    assert "restent en service" in told["message"]


@pytest.mark.parametrize(
    "answers",
    [
        [status(429, Retry_After="0"), body(GOOD_FS)],
        [status(503), body(GOOD_FS)],
        [cut(500, GOOD_FS, ETag='"1"'), body(GOOD_FS, ETag='"1"')],
        [body(GOOD_FS, Content_Type="application/x-nothing-of-the-kind")],
        [body(gzip.compress(GOOD_FS.encode()), Content_Encoding="gzip")],
        [body(GOOD_FS.encode("cp1252", "replace"))],
        [
            body(
                GOOD_FS.replace("lib_com", "LIB COM")
                .replace("adresse", "adresse,nouvelle")
                .replace(" rue A,", " rue A,x,")
            )
        ],
    ],
    ids=["busy", "down_once", "cut_once", "wrong_type", "compressed", "cp1252", "one_column_more"],
)
def test_a_server_that_is_only_clumsy_is_understood(installation, answers):
    installation.server.answers[FS] = answers
    assert all(installation.run().values())
    assert (len(installation.places()), installation.said()["state"]) == (40, "taken")


def test_a_list_that_never_had_postcodes_is_a_list(installation):
    installation.server.answers[FS] = FAULTS["empties_the_postcodes"]
    installation.run()
    assert (len(installation.places()), installation.said()["state"]) == (40, "taken")
    installation.decide()
    installation.run()
    assert installation.said()["state"] == "taken"


def test_a_column_that_nobody_declared_is_reported(installation):
    installation.server.answers[FS] = [
        body(GOOD_FS.replace("adresse", "adresse,nouvelle").replace(" rue A,", " rue A,x,"))
    ]
    installation.run()
    told = installation.said()
    assert (told["state"], len(installation.places())) == ("taken", 40)
    assert told["message"] == "Colonnes inconnues, à déclarer dans sources.toml : nouvelle."


def test_sources_that_the_file_leaves_out_are_absent_and_nobody_is_asked(installation):
    installation.run()
    assert {path for path, _ in installation.server.requests} == {FS, POSTE}
    assert installation.said("annuaire")["state"] == "absent"
    assert installation.said("data_inclusion")["state"] == "absent"


def publish_newer(installation: Installation, path: str, content: str) -> None:
    installation.server.answers[path] = [body(content.replace("rue A", "rue B"))]


def test_between_decisions_a_campaign_keeps_the_very_lists_it_took_and_asks_nobody(installation):
    installation.run()
    good, said = installation.places(), installation.said()
    publish_newer(installation, FS, GOOD_FS)
    asked = len(installation.server.requests)
    sources = installation.pipeline.settings.sources_path
    sources.write_text(sources.read_text().replace("2022-12-01", "2023-03-01").replace("france_services", "# "))
    installation.pipeline = Pipeline(installation.pipeline.settings, limits=LIMITS)
    assert all(installation.run().values())
    pd.testing.assert_frame_equal(installation.places(), good)
    assert installation.said()["sha256"] == said["sha256"]
    assert installation.said()["message"].endswith("sources.toml ne l’indique plus.")
    assert len(installation.server.requests) == asked
    assert installation.pipeline.warehouse.read("campaigns")["reference_date"].tolist() == ["2022-12-01"]


def test_a_decision_that_names_one_list_takes_that_one_alone_newer(installation):
    installation.run()
    newer = FS.replace("11-15", "12-20")
    sources = installation.pipeline.settings.sources_path
    sources.write_text(sources.read_text().replace(FS, newer))
    installation.pipeline = Pipeline(installation.pipeline.settings, limits=LIMITS)
    publish_newer(installation, newer, GOOD_FS)
    publish_newer(installation, POSTE, GOOD_POSTE)
    installation.decide(day="2023-01-01", sources=["france_services"])
    assert all(installation.run().values())
    assert installation.said()["as_of"] == "2022-12-20"
    assert installation.places()["address"].str.endswith("rue B").all()
    assert installation.places("la_poste")["address"].str.endswith("rue A").all()


def test_a_list_that_was_absent_when_the_campaign_opened_is_taken_later_at_its_day_and_then_kept(installation):
    installation.server.answers[FS] = FAULTS["stays_down"]
    assert not installation.run()["national__france_services"]
    installation.server.answers[FS] = [body(GOOD_FS)]
    assert all(installation.run().values())
    assert (installation.said()["state"], installation.said()["as_of"]) == ("taken", "2022-11-15")
    publish_newer(installation, FS, GOOD_FS)
    installation.run()
    assert installation.places()["address"].str.endswith("rue A").all()


def test_a_decision_that_could_not_be_carried_out_is_tried_again_by_the_next_run(installation):
    installation.run()
    installation.decide()
    installation.server.answers[FS] = FAULTS["stays_down"]
    installation.run()
    assert installation.said()["state"] == "last_good"
    publish_newer(installation, FS, GOOD_FS)
    installation.run()
    assert installation.places()["address"].str.endswith("rue B").all()


def test_a_closed_campaign_is_made_again_from_what_it_took_and_takes_nothing_more(installation):
    installation.server.answers[FS] = FAULTS["stays_down"]
    installation.run()
    poste = installation.places("la_poste")
    installation.decide(closing)
    publish_newer(installation, FS, GOOD_FS)
    publish_newer(installation, POSTE, GOOD_POSTE)
    asked = len(installation.server.requests)
    assert all(installation.run().values())
    pd.testing.assert_frame_equal(installation.places("la_poste"), poste)
    assert installation.places().empty
    assert installation.said()["message"].endswith("ce qui en dépend n’est pas calculé.")
    assert len(installation.server.requests) == asked


def test_a_file_that_was_corrected_by_hand_is_taken_by_a_decision_and_not_by_a_mere_run(tmp_path):
    file, sources = tmp_path / "france-services.csv", tmp_path / "sources.toml"
    sources.write_text('campaign_reference_date = 2022-12-01\n[sources]\nfrance_services = "france-services.csv"\n')
    file.write_text(GOOD_FS)
    with running() as server:
        installation = Installation(tmp_path, server)
        installation.pipeline = Pipeline(Settings.at(tmp_path / "var", sources_path=sources), limits=LIMITS)
        installation.run()
        file.write_text(GOOD_FS.replace("rue A", "rue B"))
        installation.run()
        assert installation.places()["address"].str.endswith("rue A").all()
        told = installation.said()
        assert "fs-pipeline campaign advance 2022-12 --source france_services" in told["message"]
        assert for_readers(pd.DataFrame([told]))["message"].tolist() == [None]
        installation.decide()
        installation.run()
    assert installation.places()["address"].str.endswith("rue B").all()
    assert (installation.said()["as_of"], installation.said()["message"]) == (None, None)


def test_communes_stay_known_when_their_source_is_down(tmp_path):
    point = {"type": "Point", "coordinates": [5.2, 46.2]}
    bourg = {"type": "Feature", "properties": {"code": "01053"}, "geometry": point}
    with running() as server:
        sources = tmp_path / "sources.toml"
        sources.write_text(f'[sources]\ncommunes = "{server.url}/communes"\n')
        pipeline = Pipeline(Settings.at(tmp_path / "var", sources_path=sources), limits=LIMITS)
        first, *_ = reference_assets()

        def run() -> tuple[bool, int, int]:
            outcome = dg.materialize(
                [first],
                resources={"pipeline": dg.ResourceDefinition.hardcoded_resource(pipeline)},
                raise_on_error=False,
            )
            written = pipeline.warehouse.read("communes")
            return outcome.success, len(written), int(written["longitude"].notna().sum())

        server.answers["/communes"] = [status(503)]
        succeeded, known, located = run()
        assert not succeeded
        assert known >= located > 34_000  # at their town halls, which are shipped
        server.answers["/communes"] = [body(json.dumps({"type": "FeatureCollection", "features": [bourg]}))]
        assert run() == (True, known, located)
        server.answers["/communes"] = [status(503)]
        assert run() == (True, known, located)
