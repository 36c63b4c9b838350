// A list of which only what the window shows exists: rows of any height, tens of thousands of them.

const OVERSCAN = 600;
const GAP = 6;

export class VirtualList {
  /** @param {HTMLElement} box @param {ListSource} source @param {() => [number, number]} clear the part of the window that nothing covers */
  constructor(box, source, clear) {
    this.box = box;
    this.source = source;
    this.clear = clear;
    this.tops = new Float64Array(1);
    /** @type {Map<string, number>} */
    this.heights = new Map();
    /** @type {Map<string, {element: HTMLElement, stamp: unknown}>} */
    this.built = new Map();
    this.isWaiting = false;
    this.isPrinting = false;
    window.addEventListener("scroll", () => this.later(), { passive: true });
  }

  later() {
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      this.draw();
    });
  }

  /** Measure anew: the width or the letters have changed. */
  forget() {
    this.heights.clear();
    this.refresh();
  }

  /** Show what the source says now. */
  refresh() {
    this.#layOut();
    this.draw();
  }

  #layOut() {
    const count = this.source.count();
    if (this.tops.length !== count + 1) this.tops = new Float64Array(count + 1);
    for (let index = 0; index < count; index += 1) {
      const height = this.heights.get(this.source.key(index)) ?? this.source.estimate(index);
      this.tops[index + 1] = this.tops[index] + height + GAP;
    }
    this.box.style.height = `${this.tops[count]}px`;
  }

  /** The row at a height. @param {number} height */
  #at(height) {
    let [low, high] = [0, this.source.count()];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tops[middle + 1] <= height) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first and last row in the window. @returns {[number, number]} */
  seen() {
    const top = this.box.getBoundingClientRect().top;
    const [from, to] = this.clear();
    return [this.#at(from - top), this.#at(to - top)];
  }

  /** Printing needs every row. @param {boolean} isPrinting */
  print(isPrinting) {
    this.isPrinting = isPrinting;
    this.draw();
  }

  draw() {
    const everything = this.isPrinting;
    for (let round = 0; round < 3; round += 1) {
      const top = this.box.getBoundingClientRect().top;
      const from = everything ? 0 : this.#at(-top - OVERSCAN);
      const to = everything ? this.source.count() : Math.min(this.source.count(), this.#at(window.innerHeight - top + OVERSCAN) + 1);
      this.#fill(from, to);
      const anchor = this.#at(this.clear()[0] - top);
      const before = this.tops[anchor];
      if (!this.#measure(from, to)) break;
      this.#layOut();
      this.#position(from, to);
      // What grew above the window must not push what the reader reads.
      if (!everything && top < 0 && this.tops[anchor] !== before) window.scrollBy({ top: this.tops[anchor] - before, behavior: "instant" });
    }
  }

  /** @param {number} from @param {number} to */
  #fill(from, to) {
    /** @type {Map<string, {element: HTMLElement, stamp: unknown}>} */
    const kept = new Map();
    for (let index = from; index < to; index += 1) {
      const key = this.source.key(index);
      const stamp = this.source.stamp(index);
      const old = this.built.get(key);
      kept.set(key, old && old.stamp === stamp ? old : { element: this.source.build(index), stamp });
    }
    for (const [key, old] of this.built) if (kept.get(key) !== old) old.element.remove();
    let next = this.box.firstElementChild;
    // Elements that stay are not moved: moving one would take the focus from it.
    for (const { element } of kept.values()) {
      if (next && element === next) next = next.nextElementSibling;
      else this.box.insertBefore(element, next);
    }
    this.built = kept;
    this.#position(from, to);
  }

  /** @param {number} from @param {number} to */
  #position(from, to) {
    for (let index = from; index < to; index += 1) {
      const element = this.element(index);
      if (element) element.style.top = `${this.tops[index]}px`;
    }
  }

  /** @param {number} from @param {number} to */
  #measure(from, to) {
    let isNew = false;
    for (let index = from; index < to; index += 1) {
      const key = this.source.key(index);
      const height = this.element(index)?.offsetHeight ?? 0;
      if (height && height !== this.heights.get(key)) {
        this.heights.set(key, height);
        isNew = true;
      }
    }
    return isNew;
  }

  /** @param {number} index */
  element(index) {
    return this.built.get(this.source.key(index))?.element ?? null;
  }

  /** Scroll as little as needed until a row is in the clear. @param {number} index */
  reveal(index) {
    // Heights between here and there may be guesses: measured on the way, a second look corrects the first.
    for (let round = 0; round < 3; round += 1) {
      const top = this.box.getBoundingClientRect().top;
      const [from, to] = this.clear();
      const [high, low] = [top + this.tops[index], top + this.tops[index + 1]];
      const by = high < from ? high - from : low > to ? Math.min(low - to, high - from) : 0;
      if (Math.abs(by) < 1) break;
      window.scrollBy({ top: by, behavior: "instant" });
      this.draw();
    }
  }
}
