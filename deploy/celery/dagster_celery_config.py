"""What Celery's workers and the launcher share; `dagster_celery` reads this module where it lies on the path.

A worker takes one run at a time, says at once that it has it, and is not asked again: what a worker that died was at is
found by what stands against what lies there (docs/adr/0039), which a broker cannot tell.
"""

import os

broker_url = os.environ["FS_BROKER_URL"]
result_backend = os.environ.get("FS_BROKER_RESULTS_URL", "rpc://")
worker_prefetch_multiplier = 1
# Nor does it keep the next one by, which would die with it unnoticed; RabbitMQ hands that out again by itself, Redis does not.
worker_disable_prefetch = broker_url.startswith("redis")
worker_concurrency = int(os.environ.get("FS_WORKER_PROCESSES", "1"))
worker_max_tasks_per_child = 50  # memory that a run does not give back goes with its process
task_acks_late = False
task_track_started = True
task_default_queue = "dagster"
broker_connection_retry_on_startup = True
