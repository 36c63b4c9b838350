import pytest

from corpusalign.languages.identify import UNDETERMINED, identify, identify_all

TEXTS = {
    "en": "The conference opened in the capital on Wednesday and talked for two hours.",
    "fr": "La conférence s’est ouverte mercredi dans la capitale et a duré deux jours.",
    "zh": "会议星期三在首都开幕，代表们就这项计划讨论了两个小时。",
    "ja": "会議は水曜日に首都で始まり、代表たちは計画について二時間話し合った。",
    "de": "Die Konferenz wurde am Mittwoch eröffnet, und die Delegierten berieten zwei Stunden.",
    "ru": "Конференция открылась в столице в среду, и делегаты два часа обсуждали план.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_sentences(code):
    found, probability = identify(TEXTS[code])
    assert found == code and 0.5 < probability <= 1


@pytest.mark.parametrize("text", ["", " \n", "2020-11-11", "— … !", "https://example.org/a/b"])
def test_no_letters_no_language(text):
    assert identify(text) == (UNDETERMINED, 0.0)


@pytest.mark.parametrize("text", ["习近平", "上海合作组织", "東京都知事選", "第3章 GNU/Linux 系统"])
def test_short_han_text_is_chinese(text):
    assert identify(text)[0] == "zh"


@pytest.mark.parametrize("text", ["東京で会議", "お知らせ", "第三章 パッケージ管理"])
def test_kana_make_it_japanese(text):
    assert identify(text)[0] == "ja"


def test_addresses_do_not_count():
    assert identify(TEXTS["fr"] + " https://www.example.org/the-english-words-of-an-address" * 20)[0] == "fr"


@pytest.mark.parametrize("run", ["a", "a@", "a@b.", "@"])
def test_runs_without_a_space_are_read_in_linear_time(run, within_bounds):
    identify(run * (20_000 // len(run)))


def test_a_few_words_are_a_guess():
    assert identify("Hello")[1] < 0.5


def test_length_does_not_matter():
    assert identify(TEXTS["en"] * 20_000)[0] == "en"


@pytest.mark.parametrize("text", ["\ud800 broken surrogate", "\0" * 10 + "word", "a" * 100])
def test_odd_characters(text):
    code, probability = identify(text)
    assert code and 0 <= probability <= 1


def test_of_many_texts_as_of_each():
    texts = [*TEXTS.values(), "", "Hello", "习近平", TEXTS["en"]]
    assert identify_all(texts) == [identify(text) for text in texts]
    assert identify_all([]) == []
