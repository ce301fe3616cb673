"""Files of every kind, brought in the way the command does."""

import pytest

from cartera.imports import operations, queries, running
from cartera.kit import clock

HEADINGS = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
# A ledger with the oddities of the real one: see the test that reads it.
LEDGER = (
    HEADINGS
    + """536365,85123A,WHITE HANGING HEART,6,12/1/2010 8:26,2.55,17850,United Kingdom
536365,71053,WHITE METAL LANTERN,6,12/1/2010 8:26,3.39,17850,United Kingdom
536365,71053,WHITE METAL LANTERN,6,12/1/2010 8:27,3.39,17850,United Kingdom
536366,22632,HAND WARMER,12,12/13/2010 8:28,1.85,13047,EIRE
536414,22139,,56,12/13/2010 11:52,0,,United Kingdom
C536379,D,Discount,-1,12/14/2010 9:41,27.5,17850,United Kingdom
550193,PADS,PADS TO MATCH,1,4/15/2011 9:27,0.001,13047,EIRE
550193,85123a,WHITE HANGING HEART,2,4/15/2011 9:27,2.55,13047,Norway
A563186,B,Adjust bad debt,1,8/12/2011 14:51,-11062.06,,United Kingdom
563187,POST,POSTAGE,1,8/12/2011 14:52,18.0,13047,EIRE
581587,22138,BAKING SET,3,12/9/2011 12:50,4.95,12680,France
"""
)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def bring(db, media):
    """Bring in text or bytes as a kind and return the run, after its first pass or its dry one."""

    def bring(content, kind, *, by=None, dry=False, name="file.csv", carry_out=True, **options):
        path = media / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        said = {"as_of": clock.today().isoformat(), "currency": "GBP", "zone": "UTC", **options}
        with path.open("rb") as file:
            run = operations.bring(queries.kind_of(kind), file, name=name, by=by, at=clock.now(), options=said)
        return running.carry_out(run, dry=dry) if carry_out else run

    return bring


@pytest.fixture
def left_out():
    """The rows of a run's left-out file, with their problem last."""

    def rows(run, **where):
        from cartera.imports import leftout

        return leftout.read(run.left_out_file(**where), queries.delimiter_of(run), 1000)[1]

    return rows
