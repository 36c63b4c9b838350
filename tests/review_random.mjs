// Does edits of every kind at random: node review_random.mjs DATA FOLDER SEED... writes SEED.json and SEED.tmx.

import { readFileSync, writeFileSync } from "node:fs";
import { DoesNotApply } from "../corpusalign/review/browser/edits.js";
import { tmxOf } from "../corpusalign/review/browser/export.js";
import * as plan from "../corpusalign/review/browser/plan.js";
import { Session } from "../corpusalign/review/browser/session.js";

const [dataFile, folder, ...seeds] = process.argv.slice(2);
const data = JSON.parse(readFileSync(dataFile, "utf8"));
const TEXTS = ["foo", " ", "中文", "😀", "é", "<b>", "\n", "=1+1", ""];

function makeRandom(seed) {
  let x = (seed * 2654435761) >>> 0 || 1;
  return (limit) => {
    x = (x ^ (x << 13)) >>> 0;
    x = (x ^ (x >>> 17)) >>> 0;
    x = (x ^ (x << 5)) >>> 0;
    return x % limit;
  };
}

function randomEdit(session, random) {
  const { id, cells } = session.rows[random(session.rows.length)];
  const column = random(data.languages.length);
  const text = [...(cells[column]?.text ?? "")];
  const sentence = random((cells[column]?.cuts.length ?? 0) + 1);
  const at = random(text.length + 1);
  const word = TEXTS[random(TEXTS.length)];
  const place = { id, column, sentence };
  return [
    () => plan.planMerge(session, place),
    () => plan.planSplit(session, place),
    () => plan.planMove(session, place, random(2) ? 1 : -1),
    () => (random(3) ? plan.planSwap : plan.planSwapRows)(session, place),
    () => plan.planDivide(session, place, at),
    () => plan.planRewrite(session, place, random(12) ? text.toSpliced(at, random(12), word).join("") : ""),
    () => ({ do: "approve", unit: id }),
    () => ({ do: "reject", unit: id, reason: word }),
    () => ({ do: "reopen", unit: id }),
    () => ({ do: "comment", unit: id, text: word }),
  ][random(10)]();
}

function same(one, other, what) {
  if (JSON.stringify(one) !== JSON.stringify(other)) throw new Error(`${what} changes the rows`);
}

for (const seed of seeds.map(Number)) {
  const random = makeRandom(seed);
  const session = new Session(data);
  for (let turn = 0; turn < 60 * seed; turn += 1) {
    const edit = randomEdit(session, random);
    try {
      if (edit) session.perform(edit);
    } catch (error) {
      if (!(error instanceof DoesNotApply)) throw error;
    }
    if (random(9)) continue;
    const rows = [...session.rows];
    const count = [0, 1, 2].filter(() => session.undo()).length;
    for (let again = 0; again < count; again += 1) session.redo();
    same(session.rows, rows, "undo and redo");
    if (random(2)) session.undo();
  }
  const again = new Session(data);
  if (again.load(session.edits()).length) throw new Error("an edit does not apply again");
  same(again.rows, session.rows, "a reload");
  writeFileSync(`${folder}/${seed}.json`, session.file());
  writeFileSync(`${folder}/${seed}.tmx`, tmxOf(session));
}
