import json
import time
from pathlib import Path

from tests.e2e.pages import every_page
from tests.e2e.town import Town


def test_it(tmp_path):
    t = time.time()
    town = Town(tmp_path, ADMIN_IDS="14")
    try:
        print("town", time.time() - t)
        t = time.time()
        seen = every_page(town)
        print("pages", len(seen), time.time() - t)
        Path("/tmp/media-try/seen.json").write_text(json.dumps(seen))
    finally:
        town.stop()
