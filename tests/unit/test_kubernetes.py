"""deploy/kubernetes/ against what Dagster's chart and launcher take; no cluster is here, and none is asked."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import yaml
from dagster._config import process_config
from dagster._core.instance.config import dagster_instance_config

from fs_pipeline.arguments import read_arguments
from fs_pipeline.settings import Settings
from tests.conftest import skip_or_fail
from tools.try_image import steps

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SCHEMA = json.loads((Path(__file__).parent / "chart" / "values.schema.json").read_text(encoding="utf-8"))
DAGSTER_HOME = "/opt/dagster/dagster_home"  # the chart's own
NAME = "fs-pipeline"


def values() -> dict:
    return yaml.safe_load((DEPLOY / "kubernetes" / "values.yaml").read_text(encoding="utf-8"))


def code_server(given: dict) -> dict:
    (deployment,) = given["dagster-user-deployments"]["deployments"]
    return deployment


def validator() -> jsonschema.Draft7Validator:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    return jsonschema.Draft7Validator(SCHEMA)


def test_the_values_are_keys_that_the_chart_has() -> None:
    assert [error.message for error in validator().iter_errors(values())] == []


def objects(given: object, path: tuple = ()) -> Iterator[tuple]:
    """Where objects stand whose keys are the chart's own."""
    if isinstance(given, dict):
        yield path
        for key, value in given.items():
            yield from objects(value, (*path, key))
    elif isinstance(given, list):
        for place, value in enumerate(given):
            yield from objects(value, (*path, place))


KUBERNETES_OWN = {
    "resources", "volumes", "volumeMounts", "podSecurityContext", "securityContext", "livenessProbe", "readinessProbe",
    "startupProbe", "podSpecConfig", "additionalInstanceConfig",
}  # fmt: skip
CHART_OWN = [path for path in objects(values()) if not KUBERNETES_OWN & set(path)]


@pytest.mark.parametrize("path", CHART_OWN, ids=lambda path: ".".join(map(str, path)) or "values")
def test_a_misspelt_key_is_refused_wherever_it_stands(path: tuple) -> None:
    given = copy.deepcopy(values())
    place = given
    for step in path:
        place = place[step]
    place["imagePulPolicy"] = "Always"
    assert any("imagePulPolicy" in error.message for error in validator().iter_errors(given))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("dagsterDaemon", "heartbeatTolerance"), "120"),
        (("dagsterWebserver", "service", "port"), "3000"),
        (("telemetry", "enabled"), "non"),
        (("dagsterDaemon", "runCoordinator", "config", "queuedRunCoordinator", "maxConcurrentRuns"), "4"),
        (("runLauncher", "type"), "CeleryRunLauncher"),
        (("dagster-user-deployments", "deployments", 0, "codeServerArgs"), "-m fs_pipeline.definitions"),
        (("dagster-user-deployments", "deployments", 0, "image", "tag"), "latest"),
        (("dagster-user-deployments", "deployments", 0, "volumes", 0), {"name": "home", "hostPath": {"path": "/srv"}}),
        # a secret in clear
        (("postgresql", "postgresqlPassword"), "secret"),
        (("generatePostgresqlPasswordSecret",), True),
        (("dagster-user-deployments", "deployments", 0, "env", 0), {"name": "AWS_SECRET_ACCESS_KEY", "value": "x"}),
        (("dagster-user-deployments", "deployments", 0, "env", 0), {"name": "FS_DATABASE_URL", "value": "x"}),
        (("dagster-user-deployments", "deployments", 0, "env", 0), {"name": "FS_X", "value": "https://a:b@c/d"}),
        (("dagster-user-deployments", "deployments", 0, "envSecrets", 0), {"name": "fs", "FS_DATABASE_URL": "x"}),
    ],
)
def test_a_wrong_type_and_a_secret_in_clear_are_refused(path: tuple, value: object) -> None:
    given = copy.deepcopy(values())
    place = given
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert not validator().is_valid(given)


def instance_config(given: dict) -> dict:
    """dagster.yaml as the chart's templates write it from these values."""
    launcher = given["runLauncher"]["config"]["k8sRunLauncher"]
    server = given["postgresql"]
    database = {
        "hostname": server["postgresqlHost"],
        "username": server["postgresqlUsername"],
        "password": {"env": "DAGSTER_PG_PASSWORD"},
        "db_name": server["postgresqlDatabase"],
        "port": server["service"]["port"],
    }
    queue = given["dagsterDaemon"]["runCoordinator"]["config"]["queuedRunCoordinator"]
    storages = {"schedule_storage": "Schedule", "run_storage": "Run", "event_log_storage": "EventLog"}
    modules = {"schedule_storage": "schedule_storage", "run_storage": "run_storage", "event_log_storage": "event_log"}
    return {
        **{
            key: {
                "module": f"dagster_postgres.{modules[key]}",
                "class": f"Postgres{kind}Storage",
                "config": {"postgres_db": database},
            }
            for key, kind in storages.items()
        },
        "run_launcher": {
            "module": "dagster_k8s",
            "class": given["runLauncher"]["type"],
            "config": {
                "load_incluster_config": launcher["loadInclusterConfig"],
                "job_namespace": "fs",
                "image_pull_policy": launcher["imagePullPolicy"],
                "service_account_name": NAME,
                "dagster_home": DAGSTER_HOME,
                "instance_config_map": f"{given['global']['fullnameOverride']}-instance",
                "postgres_password_secret": given["global"]["postgresqlSecretName"],
                "security_context": launcher["securityContext"],
                "run_k8s_config": {"pod_spec_config": launcher["runK8sConfig"]["podSpecConfig"]},
            },
        },
        "run_coordinator": {
            "module": "dagster.core.run_coordinator",
            "class": "QueuedRunCoordinator",
            "config": {
                "max_concurrent_runs": queue["maxConcurrentRuns"],
                "tag_concurrency_limits": queue["tagConcurrencyLimits"],
            },
        },
        "compute_logs": {
            "module": "dagster.core.storage.noop_compute_log_manager",
            "class": given["computeLogManager"]["type"],
        },
        "telemetry": given["telemetry"],
        "retention": {
            kind: {"purge_after_days": given["retention"][kind]["purgeAfterDays"]} for kind in ("sensor", "schedule")
        },
        **given["additionalInstanceConfig"],
    }


def test_dagster_reads_the_instance_that_they_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_PG_PASSWORD", "x")
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(instance_config(values())), encoding="utf-8")
    read, _ = dagster_instance_config(str(tmp_path))
    assert read["nux"] == {"enabled": False}
    assert read["telemetry"] == {"enabled": False}
    celery = yaml.safe_load((DEPLOY / "celery" / "dagster.yaml").read_text(encoding="utf-8"))
    assert read["retention"] == celery["retention"]
    assert read["run_coordinator"]["config"]["tag_concurrency_limits"] == [
        *celery["concurrency"]["runs"]["tag_concurrency_limits"]
    ]
    for key in ("runMonitoring", "runRetries"):
        assert values()["dagsterDaemon"][key] == {"enabled": False}


def launched(given: dict) -> dict:
    """The job of Kubernetes that Dagster's launcher makes of a run, by these values."""
    try:
        from dagster_k8s.container_context import K8sContainerContext
        from dagster_k8s.job import DagsterK8sJobConfig, construct_dagster_k8s_job
        from dagster_k8s.launcher import K8sRunLauncher
        from kubernetes.client import ApiClient
    except ImportError:
        skip_or_fail("FS_REQUIRE_SERVICES", "dagster-k8s is not installed (make services)")
    config = instance_config(given)["run_launcher"]["config"]
    read = process_config(K8sRunLauncher.config_type(), config)
    assert read.success, read.errors
    own = ("image_pull_policy", "service_account_name", "security_context", "run_k8s_config")
    server = code_server(given)
    context = K8sContainerContext.create_from_config({"k8s": {key: config[key] for key in own}}).merge(
        K8sContainerContext.create_from_config(
            {
                "k8s": {
                    "image_pull_policy": server["image"]["pullPolicy"],
                    "env_secrets": [secret["name"] for secret in server["envSecrets"]],
                    "volume_mounts": server["volumeMounts"],
                    "volumes": server["volumes"],
                    "resources": server["resources"],
                    "namespace": "fs",
                    "env": server["env"],
                }
            }
        )
    )
    job = construct_dagster_k8s_job(
        job_config=DagsterK8sJobConfig(
            job_image="an-image",
            dagster_home=config["dagster_home"],
            instance_config_map=config["instance_config_map"],
            postgres_password_secret=config["postgres_password_secret"],
        ),
        args=["dagster", "api", "execute_run"],
        job_name="a-run",
        user_defined_k8s_config=context.run_k8s_config,
    )
    return ApiClient().sanitize_for_serialization(job)


def assert_shut(pod: dict) -> None:
    """Not root, nothing written but to volumes, no more rights than it began with."""
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == 10001  # as in deploy/Containerfile
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"]:
        held = container["securityContext"]
        assert held["readOnlyRootFilesystem"] is True
        assert held["allowPrivilegeEscalation"] is False
        assert held["capabilities"] == {"drop": ["ALL"]}
        mounted = [mount["mountPath"] for mount in container["volumeMounts"]]
        assert len(mounted) == len(set(mounted)), "Kubernetes refuses a path that is mounted twice"
        assert {mount["name"] for mount in container["volumeMounts"]} <= {one["name"] for one in pod["volumes"]}
        assert "/tmp" in mounted


def test_a_run_is_a_job_that_is_shut_and_has_what_the_code_server_has() -> None:
    job = launched(values())
    assert job["spec"]["backoffLimit"] == 0  # what is taken again, the sensor says
    pod = job["spec"]["template"]["spec"]
    assert pod["restartPolicy"] == "Never"
    assert_shut(pod)
    (container,) = pod["containers"]
    server = code_server(values())
    said = {one["name"]: one.get("value") for one in container["env"]}
    assert said.items() >= {one["name"]: one["value"] for one in server["env"]}.items()
    named = {one["secretRef"]["name"] for one in container["envFrom"] if "secretRef" in one}
    assert named == {"fs-pipeline"}
    volumes = {one["name"]: one for one in pod["volumes"]}
    cache = next(one["name"] for one in container["volumeMounts"] if one["mountPath"] == f"{said['FS_HOME']}/cache")
    assert volumes[cache] == {"name": cache, "emptyDir": {}}
    assert container["resources"] == server["resources"]


def test_what_is_outside_is_what_is_set_up_and_all_else_is_local_cache() -> None:
    """Settings as they are read of the values, and of the secret that they name."""
    said = {one["name"]: one["value"] for one in code_server(values())["env"]}
    settings = Settings.from_environment(said | {"FS_DATABASE_URL": "postgresql+psycopg://fs@base/fs"})
    assert settings.files_url.startswith("s3://")
    assert settings.deposits_url.startswith("s3://")
    assert settings.sources_path == Path("/sources/sources.toml")
    read = (DEPLOY.parent / "fs_pipeline" / "settings.py").read_text(encoding="utf-8")
    assert [name for name in said if name.startswith("FS_") and name not in read] == []


def test_the_servers_of_the_chart_are_shut_and_asked_whether_they_live() -> None:
    given = values()
    for part in (given["dagsterWebserver"], given["dagsterDaemon"], code_server(given)):
        assert_shut(
            {
                "securityContext": part["podSecurityContext"],
                "volumes": part["volumes"],
                "containers": [{key: part[key] for key in ("securityContext", "volumeMounts")}],
            }
        )
        assert "livenessProbe" in part
        assert part["image"] == code_server(given)["image"]
    web = given["dagsterWebserver"]
    assert web["livenessProbe"]["httpGet"] == {"path": "/server_info", "port": web["service"]["port"]}
    assert given["dagsterDaemon"]["livenessProbe"]["exec"] == {"command": ["dagster-daemon", "liveness-check"]}


def watchers() -> dict[str, dict]:
    """Kind -> the pod that it starts."""
    listed = yaml.safe_load((DEPLOY / "kubernetes" / "watching.yaml").read_text(encoding="utf-8"))["items"]
    specs = {one["kind"]: one["spec"] for one in listed}
    return {
        "Deployment": specs["Deployment"]["template"]["spec"],
        "CronJob": specs["CronJob"]["jobTemplate"]["spec"]["template"]["spec"],
    }


def test_kubernetes_knows_every_key_of_the_watchers_and_of_the_probes() -> None:
    try:
        import kubernetes.client as known
        from dagster_k8s.models import k8s_model_from_dict, k8s_snake_case_dict
    except ImportError:
        skip_or_fail("FS_REQUIRE_SERVICES", "dagster-k8s is not installed (make services)")

    def read(kind: type, given: dict) -> None:
        k8s_model_from_dict(kind, dict(k8s_snake_case_dict(kind, given)))

    listed = yaml.safe_load((DEPLOY / "kubernetes" / "watching.yaml").read_text(encoding="utf-8"))
    for one in listed["items"]:
        read(getattr(known, f"V1{one['kind']}"), one)
    given = values()
    kinds = {
        "livenessProbe": known.V1Probe,
        "readinessProbe": known.V1Probe,
        "startupProbe": known.V1Probe,
        "podSecurityContext": known.V1PodSecurityContext,
        "securityContext": known.V1SecurityContext,
        "resources": known.V1ResourceRequirements,
    }
    for part in (given["dagsterWebserver"], given["dagsterDaemon"], code_server(given)):
        for key, kind in kinds.items():
            own = {name: value for name, value in part.get(key, {}).items() if name != "enabled"}  # the chart's own
            read(kind, own)
        for volume in part["volumes"]:
            read(known.V1Volume, volume)
    with pytest.raises(Exception, match="readOnlyRootFileSystem"):
        read(known.V1SecurityContext, {"readOnlyRootFileSystem": True})


def test_who_tells_and_saves_is_shut_and_of_the_same_installation() -> None:
    given, pods = values(), watchers()
    server = code_server(given)
    for pod in pods.values():
        assert_shut(pod)
        (container,) = pod["containers"]
        assert container["image"] == "{repository}:{tag}".format(**server["image"])
        said = {one["name"]: one.get("value") for one in container["env"]}
        assert said.items() >= {one["name"]: one["value"] for one in server["env"]}.items()
        assert said["DAGSTER_PG_PASSWORD"] is None
        mounted = {one["mountPath"]: one["name"] for one in container["volumeMounts"]}
        volumes = {one["name"]: one for one in pod["volumes"]}
        instance = volumes[mounted[f"{said['FS_HOME']}/dagster"]]
        assert instance["configMap"]["name"] == f"{given['global']['fullnameOverride']}-instance"
        assert {path: name for path, name in mounted.items() if path != f"{said['FS_HOME']}/dagster"} == {
            one["mountPath"]: one["name"] for one in server["volumeMounts"]
        }
    (telling,), (saving,) = (pods[kind]["containers"] for kind in ("Deployment", "CronJob"))
    assert telling["command"] == ["sh", "-c", "while sleep 60; do fs-pipeline tell; done"]
    assert saving["command"][0] == "fs-pipeline"
    read_arguments(saving["command"][1:])
    read = (DEPLOY.parent / "fs_pipeline" / "telling" / "channels.py").read_text(encoding="utf-8")
    mail = {one["name"] for one in telling["env"]} - {one["name"] for one in server["env"]} - {"DAGSTER_PG_PASSWORD"}
    assert mail
    assert [name for name in mail if name not in read] == []


def test_the_image_is_our_own_with_the_launcher_by_its_hash_and_nobody_s_root() -> None:
    found = list(steps((DEPLOY / "kubernetes" / "Containerfile").read_text(encoding="utf-8")))
    assert found[:2] == [("ARG", "BASE=fs-pipeline"), ("FROM", "${BASE}")]
    (install,) = [rest for name, rest in found if name == "RUN"]
    assert "--require-hashes -r requirements/kubernetes.txt" in install
    assert found[-1] == ("USER", "10001:10001")


def test_the_page_installs_the_chart_of_our_dagster_under_the_names_of_the_values() -> None:
    page = (DEPLOY.parent / "docs" / "kubernetes.md").read_text(encoding="utf-8")
    pinned = (DEPLOY.parent / "requirements" / "runtime.in").read_text(encoding="utf-8")
    version = page.partition("dagster/dagster --version ")[2].split()[0]
    assert f"dagster=={version}\n" in pinned
    given = values()
    assert f"helm install {given['global']['fullnameOverride']} " in page
    assert f"service/{NAME}-{given['dagsterWebserver']['nameOverride']} " in page
    for pod in watchers().values():
        claims = {one["persistentVolumeClaim"]["claimName"] for one in pod["volumes"] if "persistentVolumeClaim" in one}
        secrets = {one["secretRef"]["name"] for one in pod["containers"][0]["envFrom"]}
        assert [name for name in claims | secrets if f"`{name}`" not in page] == []
