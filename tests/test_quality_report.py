"""The HTML report: its figures, its plots, and that text in it is only text."""

from lxml import etree

from corpusalign.cli import main
from corpusalign.formats import write
from corpusalign.quality import parse_limit, write_report
from corpusalign.quality.charts import bars, histogram, scatter
from corpusalign.types import TranslationUnit

LIMITS = [parse_limit("similarity>=0.5"), parse_limit("confidence>=0.2")]


def unit(similarity: float, confidence: float = 0.9, en: str = "a bridge") -> TranslationUnit:
    return TranslationUnit("x", {"en": en, "zh": "桥"}, confidence, {"similarity": similarity})


def page(units, tmp_path, limits=LIMITS):
    path = tmp_path / "report.html"
    write_report(units, path, limits=limits, title="a <memory>")
    text = path.read_text(encoding="utf-8")
    return text, etree.fromstring(text, etree.HTMLParser())


def test_counts_reasons_and_plots(tmp_path):
    _, tree = page([unit(0.9), unit(0.4), unit(0.1, 0.1)], tmp_path)
    assert [element.text for element in tree.findall(".//p/b")] == ["1", "2"]
    assert len(tree.findall(".//svg")) == 4  # reasons, confidence, similarity, lengths
    assert [cell.text for cell in tree.findall(".//td[2]")] == [
        "similarity 0.4, not >=0.5",
        "similarity 0.1, not >=0.5; confidence 0.1, not >=0.2",
        "similarity 0.1, not >=0.5; confidence 0.1, not >=0.2",
    ]
    assert len(tree.findall(".//circle")) == 3
    assert tree.find(".//td/p[@lang='zh-CN']").text == "桥"
    # A bin's two stacks are told apart, and confidence 1.0 falls into the last bin.
    titles = [element.text for element in tree.findall(".//rect/title")]
    assert "0.90 to 0.95: 1 kept" in titles
    assert "0.90 to 0.95: 1 rejected" in titles


def test_the_page_needs_nothing_and_text_is_text(tmp_path):
    text, tree = page([unit(0.1, en="<script>alert(1)</script> & co")], tmp_path)
    assert tree.findall(".//script") == []
    assert "http" not in text.replace("http-equiv", "")
    assert tree.find(".//td/p").text == "<script>alert(1)</script> & co"
    assert tree.find(".//h1").text == "Quality of a <memory>"


def test_many_units_are_sampled_and_examples_are_few(tmp_path):
    text, tree = page([unit(k / 4000) for k in range(4000)], tmp_path)
    assert len(tree.findall(".//circle")) == 1500
    assert "an even sample of 1500" in text
    assert len(tree.findall(".//tr")) == 5


def test_an_empty_memory_has_a_report(tmp_path):
    _, tree = page([], tmp_path, limits=[])
    assert [element.text for element in tree.findall(".//p/b")] == ["0", "0"]


def test_charts_are_well_formed_and_scaled():
    drawn = etree.fromstring(histogram([0, 4], [0, 4], "t"))
    heights = [float(rect.get("height")) for rect in drawn.findall("rect")]
    assert heights == [98.0, 98.0]
    drawn = etree.fromstring(bars([("a<b", 2), ("c", 1)], "t"))
    first, second = (float(rect.get("width")) for rect in drawn.findall("rect"))
    assert first == 2 * second
    circles = etree.fromstring(scatter([(1, 1, True), (100, 100, False)], "t")).findall("circle")
    assert [circle.get("class") for circle in circles] == ["kept", "rejected"]
    assert float(circles[1].get("cx")) == 628
    assert float(circles[1].get("cy")) == 10


def test_the_filter_writes_it(tmp_path):
    write([unit(0.9)], tmp_path / "m.jsonl")
    assert main(["filter", str(tmp_path / "m.jsonl"), "-o", str(tmp_path / "c.jsonl"), "-q", "--as-scored",
                 "--report", str(tmp_path / "r.html")]) == 0  # fmt: skip
    assert "Quality of m.jsonl" in (tmp_path / "r.html").read_text(encoding="utf-8")
