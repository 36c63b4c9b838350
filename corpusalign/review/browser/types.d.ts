// The shapes that the page's scripts share; for the type checker only.

/** The first part ends at [0], the second begins at [1]; what lies between is dropped. */
type Cut = [number, number];
/** Place, start, end, where in the text (-1: unknown). */
type BaseSpan = [number, number, number, number];
type Span = [number, number, number];

interface BaseCell {
  text: string;
  cuts?: Cut[];
  in?: number;
  spans?: BaseSpan[];
  heading?: boolean;
}

interface BaseUnit {
  id: string;
  confidence: number;
  cells: (BaseCell | null)[];
  scores?: Record<string, number>;
  note?: string;
  flags?: string[];
}

interface Page {
  url: string;
  sha256: string;
  lang: string;
  places: [number, string][];
  title?: string | null;
  date?: string | null;
  source?: string | null;
}

interface Language {
  code: string;
  tag: string;
  name: string;
  joiner: string;
}

/** What corpusalign/review/data.py writes. */
interface Data {
  generator: string;
  version: string;
  key: string;
  title: string | null;
  signature: string | null;
  interface: string | null;
  languages: Language[];
  pages: Page[];
  /** Names that correspond across scripts: each by language, null where it is not known. */
  names: (string | null)[][];
  units: BaseUnit[];
}

type Base = Map<string, BaseUnit>;

/** Characters of the text that a base unit has in one language. */
interface Source {
  from: BaseCell;
  start: number;
  end: number;
}

interface Piece {
  text: string;
  join: string;
  sources: Source[];
}

/** `cuts` are the places between its sentences. */
interface Cell {
  pieces: Piece[];
  text: string;
  cuts: Cut[];
}

interface Row {
  id: string;
  /** The unit that it was; a row that a split made was none. */
  was?: BaseUnit;
  cells: (Cell | null)[];
  confidence: number;
  scores: Record<string, number>;
  notes: string[];
  flags: string[];
  verdict: "open" | "approved" | "rejected";
  reason: string;
  comment: string;
  mended: boolean;
}

type Edit =
  | { do: "merge"; unit: string; other: string; join: Record<string, string> }
  | { do: "split"; unit: string; into: string; cuts: Record<string, Cut> }
  | { do: "divide"; unit: string; lang: string; cut: Cut }
  | { do: "move"; unit: string; other: string; lang: string; cut: Cut; join: string }
  | { do: "swap"; unit: string; other: string; lang?: string }
  | { do: "rewrite"; unit: string; lang: string; was: string; text: string }
  | { do: "approve"; unit: string }
  | { do: "reopen"; unit: string }
  | { do: "reject"; unit: string; reason: string }
  | { do: "comment"; unit: string; text: string };

/** Rows `before` at a place give way to rows `after`. */
interface Patch {
  at: number;
  before: Row[];
  after: Row[];
}

interface Table {
  rows: Row[];
  base: Base;
  columnOf: Map<string, number>;
  locate: (id: string) => number;
}

/** What happened to a session; a load may have changed everything. */
interface Change {
  kind: "edit" | "undo" | "redo" | "load";
  after: Row[];
  edit?: Edit;
}

/** One of REASONS, or the name of a score for which a filter would reject the row. */
type Reason = string;

/** What is known of a row whatever the reader's limit is. */
interface Facts {
  shape: string;
  reasons: Reason[];
}

/** How long a language usually is against the first, in logarithms. */
interface Length {
  mean: number;
  deviation: number;
}

/** Where an action takes place: in which row, language and sentence. */
interface Place {
  id: string;
  column: number;
  sentence: number;
}

/** Places are UTF-16 units. */
interface Token {
  start: number;
  end: number;
  key: string;
  isName: boolean;
}

interface Mark {
  start: number;
  end: number;
  group: number;
}

/** A stretch to mark, in UTF-16 units. */
interface Layer {
  start: number;
  end: number;
  class: string;
}

/** How a row is to be drawn. */
interface Look {
  number: number;
  reasons: Reason[];
  names: string[];
  pattern: RegExp | null;
  searched: number | null;
  isContext: boolean;
}

/** What a virtual list shows; an element is built anew when its stamp is another one. */
interface ListSource {
  count: () => number;
  key: (index: number) => string;
  stamp: (index: number) => unknown[];
  estimate: (index: number) => number;
  build: (index: number) => HTMLElement;
  /** The part of the window that nothing covers. */
  clear: () => [number, number];
}

/** One text of a form; `original` is what it was before it was rewritten. */
interface Field {
  name: string;
  tag: string;
  text: string;
  original: string;
}

/** With a `caret` (in UTF-16 units) it asks for a place in the first text, which cannot be written in then. */
interface Question {
  title: string;
  help?: string;
  verb?: string;
  choices?: string[];
  fields: Field[];
  first?: number;
  caret?: number;
}

type Session = import("./session.js").Session;
type View = import("./view.js").View;
type Desk = import("./desk.js").Desk;

/** Finds which edit an action means at a place; null where it can mean none. */
type Planner<Rest extends unknown[] = []> = (session: Session, place: Place, ...rest: Rest) => Edit | null;
