"""After its purge, no word of a deposit is left in the installation's bytes but where everybody has had it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from fs_pipeline.deposits.keeping import Deposit
from fs_pipeline.deposits.retention import purge
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.warehouse.files import FileStore
from tests.rows import filled

PLANTED = "Zyx-planté-4711"
SLOT = {"campaign": "2020-01", "departement": "33"}
TODAY = date(2026, 1, 1)


class Planted:
    """An installation in which one deposit has left its words wherever a run takes them."""

    def __init__(self, home):
        self.home = home
        self.pipeline = Pipeline(Settings.at(home))
        self.deposit = Deposit("2020-01", "33", "enquete.csv", f"Nom\n{PLANTED}\n".encode())
        self.files, self.warehouse = self.pipeline.files, self.pipeline.warehouse
        self.warehouse.upsert(
            "deposits", pd.DataFrame([self.deposit.row(datetime(2020, 1, 1, tzinfo=UTC), "accepted", "1")])
        )
        self.files.write(self.deposit.path, self.deposit.content)
        self.pipeline.deposits.write("2020-01/33/enquete.csv", self.deposit.content)
        self.files.write("feedback/2020-01/33/enquete.csv.json", self.deposit.content)
        self.files.write("memory/columns/33.json", json.dumps({PLANTED: ""}).encode())
        self.files.write("layers/2020-01/33/lieux.parquet", self.deposit.content)
        for day, fingerprint in ((1, "old"), (2, "new")):
            for edition in ("internal", "partners", "public"):
                folder = f"publications/2020-01/33/{edition}/{fingerprint}"
                seen_by_all = edition == "public" and fingerprint == "new"
                self.files.write(f"{folder}/dossier.pdf", b"figures" if seen_by_all else self.deposit.content)
                row = SLOT | {
                    "edition": edition,
                    "fingerprint": fingerprint,
                    "path": folder,
                    "published_at": f"2020-01-0{day}",
                }
                self.warehouse.upsert("publications", pd.DataFrame([row]))
        self.pipeline.geocoder_answers.parent.mkdir(parents=True, exist_ok=True)
        self.pipeline.geocoder_answers.write_bytes(PLANTED.encode())
        self.plant_rows()

    def plant_rows(self):
        source_id = f"{self.deposit.deposit_id}:Lieux:2"
        national = {"source": "annuaire", "source_id": "n1", "snapshot_date": "2020-01-01"}
        texts = {
            "name": PLANTED,
            "address": f"1 rue {PLANTED}",
            "phone": "+33199000001",
            "website": "https://mairie.example",
        }
        place = {"place_id": "p1", "insee": "33036", "commune": "Bazas", "latitude": 44.4321, "longitude": -0.2123}
        self.put(
            "survey_places",
            {**texts, **place, "survey_place_id": source_id, "deposit_id": self.deposit.deposit_id},
            "place_id",
        )
        self.put("survey_actors", {"name": f"M. {PLANTED}", "deposit_id": self.deposit.deposit_id})
        self.put(
            "problems", {"rule": "r", "severity": "error", "message": PLANTED, "deposit_id": self.deposit.deposit_id}
        )
        self.put("national_places", national | {"name": "Mairie", "website": texts["website"]})
        self.put("places", {**texts, **place, "in_survey": True, "in_france_services": False})
        self.put("place_members", {"place_id": "p1", "source": "survey", "source_id": source_id})
        value = {
            "place_id": "p1",
            "field": "name",
            "value": PLANTED,
            "compared": PLANTED.lower(),
            "why": "seul",
            "wins": True,
        }
        self.put("place_values", value | {"source": "survey", "source_id": source_id})
        pair = {"left_source": "survey", "left_id": source_id, "right_source": "annuaire", "right_id": "n1"}
        self.put("link_pairs", pair | {"score": 1.0, "decision": "match", "reason": f"mêmes mots : {PLANTED}"})
        change = {
            "place_id": "p1",
            "name": PLANTED,
            "before": PLANTED,
            "change": "renamed",
            "message": f"« {PLANTED} » ferme",
        }
        self.put("place_changes", change | {"since": "2019-01"})
        self.put("place_changes", change | {"since": "2020-01", "campaign": "2023-01"})
        record = json.dumps({"name": PLANTED, "commune": "Bazas"}, ensure_ascii=False)
        ruling = {
            "ruling_id": "r1",
            "departement": "33",
            "decision": "same",
            "decided_by": "x",
            "decided_on": "2020-02-01",
        }
        sides = {
            "left_source": "survey",
            "left_key": "k",
            "right_source": "annuaire",
            "right_key": "n1",
            "left_record": record,
        }
        self.warehouse.upsert("rulings", filled("rulings", pd.DataFrame([ruling | sides])))
        self.put(
            "discrepancies", {"place_id": "p1", "name": PLANTED, "survey_value": PLANTED, "action": "Appeler le lieu."}
        )
        self.put("indicators", {"key": "survey_places", "dimension": "", "value": 1.0})

    def put(self, table, row, *without):
        row = SLOT | {name: value for name, value in row.items() if name not in without}
        key = {name: row[name] for name in SLOT}
        target = self.pipeline.project[table].table if table in {"discrepancies", "indicators"} else table
        self.warehouse.replace(target, key, filled(table, pd.DataFrame([row])))

    def purge(self):
        return purge(self.warehouse, self.files, self.pipeline.deposits, TODAY, self.pipeline.geocoder_answers)

    def left(self):
        """Files whose bytes hold what was planted."""
        words = (PLANTED.encode(), PLANTED.lower().encode(), b"+33199000001", PLANTED.encode("unicode_escape"))
        files = [path for path in self.home.rglob("*") if path.is_file()]
        return [str(path.relative_to(self.home)) for path in files if any(word in path.read_bytes() for word in words)]


@pytest.fixture
def planted(tmp_path):
    return Planted(tmp_path)


def test_no_byte_of_a_purged_deposit_is_left_and_the_results_are(planted):
    assert {"warehouse.db", "cache/geocoder.sqlite"} & set(planted.left())
    done = planted.purge()
    assert done.failed == ()
    assert planted.left() == []
    (place,) = planted.warehouse.read("places").to_dict("records")
    assert (place["name"], place["commune"], place["website"]) == (None, "Bazas", "https://mairie.example")
    assert (place["latitude"], place["longitude"]) == (44.43, -0.21)
    assert list(planted.warehouse.read(planted.pipeline.project["indicators"].table)["value"]) == [1.0]
    assert list(planted.warehouse.read("rulings")["decision"]) == ["same"]
    assert json.loads(planted.warehouse.read("rulings")["left_record"].iloc[0]) == {"commune": "Bazas"}
    assert planted.warehouse.read("publications")[["edition", "fingerprint"]].to_numpy().tolist() == [["public", "new"]]
    assert planted.files.list("publications") == ["publications/2020-01/33/public/new/dossier.pdf"]
    assert planted.purge().deposits.empty


def test_a_later_version_keeps_what_was_made_of_it(planted):
    later = Deposit("2020-01", "33", "enquete.csv", b"Nom\nMairie\n")
    planted.files.write(later.path, later.content)
    planted.warehouse.upsert("deposits", pd.DataFrame([later.row(datetime(2025, 1, 1, tzinfo=UTC), "accepted", "1")]))
    planted.purge()
    published = planted.warehouse.read("publications")
    assert set(published["fingerprint"]) == {"new"}
    assert set(published["edition"]) == {"internal", "partners", "public"}
    assert planted.files.exists(later.path)


def test_what_cannot_be_deleted_is_said_and_tried_again(planted, monkeypatch):
    delete = FileStore.delete

    def refusing(store, path):
        if path.startswith("2020-01/33"):
            raise PermissionError(13, "read-only")
        delete(store, path)

    with monkeypatch.context() as once:
        once.setattr(FileStore, "delete", refusing)
        assert planted.purge().failed == ("2020-01/33/enquete.csv",)
    assert list(planted.warehouse.read("deposits")["path"]) == [planted.deposit.path]
    assert planted.purge().failed == ()
    assert planted.left() == []
    assert list(planted.warehouse.read("deposits")["path"]) == [""]
