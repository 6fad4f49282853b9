"""What a kernel with the workbook open holds: no plotly, pandas or scipy.stats, and under 120 MB of its own."""

import os
import subprocess
import sys
from pathlib import Path

HEAVY = ("plotly", "pandas", "scipy.stats", "matplotlib", "jupyterlab", "voila", "rich", "click")
CODE = """
import os, sys
from shipworthy.ui import workbook
book = workbook()
book.session.start_example("churn")
for place in book.places:
    book.session.place = place
book.later.finish()
told = {"type": "answer", "question": "lead_time.persuasion", "option": None, "fields": {"p50": "14", "p95": "21"}, "seq": 1}
book.session.place = "lead_time"
book.panels["lead_time"].form.receive(told)
book.later.finish()
assert book.session.assessment.recommended == "two_month_gap", book.session.notice
assert book.session.saver.flush(at_once=True).state == "saved"
assert "ipykernel.kernelapp" in sys.modules
print(*sorted(sys.modules))
names = "Pss:", "Rss:"
lines = open("/proc/self/smaps_rollup").read().splitlines() if os.path.exists("/proc/self/smaps_rollup") else []
print(*(int(line.split()[1]) / 1000 for name in names for line in lines if line.startswith(name)))
"""
WARM = """
from datetime import date
from shipworthy.assess import assess
from shipworthy.examples import example
assess(example("churn"), on=date(2026, 11, 20))
"""


def test_the_open_workbook_is_light(tmp_path: Path) -> None:
    store = {"SHIPWORTHY_DB": f"sqlite:///{tmp_path / 'decisions.sqlite'}"}
    # the draws are made once on a machine, with scipy.stats, by whoever comes first
    subprocess.run([sys.executable, "-c", WARM], check=True)
    command = [sys.executable, "-c", CODE]
    run = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **store}, check=False)
    assert run.returncode == 0, run.stderr
    modules, sizes = run.stdout.splitlines()
    assert set(HEAVY) & set(modules.split()) == set()
    assert {"numpy.f2py", "numpy.testing", "charset_normalizer"} & set(modules.split()) == set()
    if sizes:
        proportional, resident = (float(size) for size in sizes.split())
        print(f"workbook open: {proportional:.0f} MB proportional, {resident:.0f} MB resident")
        assert proportional < 120
