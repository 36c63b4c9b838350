// A list of which only what the window shows exists: rows of any height, tens of thousands of them.

const OVERSCAN = 600;
const GAP = 6;

export class VirtualList {
  /** @param {HTMLElement} box @param {ListSource} source */
  constructor(box, source) {
    this.box = box;
    this.source = source;
    this.tops = new Float64Array(1);
    /** @type {Map<string, number>} guesses, until a row is drawn and measured; good for one width */
    this.heights = new Map();
    /** @type {Map<string, {element: HTMLElement, stamp: unknown[]}>} */
    this.built = new Map();
    this.isWaiting = false;
    this.isPrinting = false;
    window.addEventListener("scroll", () => this.later(), { passive: true });
  }

  later() {
    if (!this.isWaiting) requestAnimationFrame(() => this.draw());
    this.isWaiting = true;
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
      const key = this.source.key(index);
      if (!this.heights.has(key)) this.heights.set(key, this.source.estimate(index));
      this.tops[index + 1] = this.tops[index] + (this.heights.get(key) ?? 0) + GAP;
    }
    this.box.style.height = `${this.tops[count]}px`;
  }

  /** Where the list begins in the window. */
  get #top() {
    return this.box.getBoundingClientRect().top;
  }

  /** The row at a height of the window. @param {number} height */
  #at(height) {
    let [low, high] = [0, this.source.count()];
    const wanted = height - this.#top;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tops[middle + 1] <= wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first and last row in the window. @returns {[number, number]} */
  seen() {
    const [from, to] = this.source.clear();
    return [this.#at(from), this.#at(to)];
  }

  /** Printing needs every row. @param {boolean} isPrinting */
  print(isPrinting) {
    this.isPrinting = isPrinting;
    this.draw();
  }

  draw() {
    this.isWaiting = false;
    const count = this.source.count();
    for (let round = 0; round < 3; round += 1) {
      const from = this.isPrinting ? 0 : this.#at(-OVERSCAN);
      const to = this.isPrinting ? count : Math.min(count, this.#at(window.innerHeight + OVERSCAN) + 1);
      const isNew = this.#fill(from, to);
      const [anchor] = this.seen();
      const before = this.tops[anchor];
      if (isNew) this.#layOut();
      for (let index = from; index < to; index += 1) {
        const element = this.element(index);
        if (element) element.style.top = `${this.tops[index]}px`;
      }
      // What grew above the window must not push what the reader reads.
      if (!this.isPrinting && this.#top < 0) this.#scroll(this.tops[anchor] - before);
      if (!isNew) break;
    }
  }

  /**
   * Have the elements of these rows and no others; answers whether one is of another height than was known.
   * @param {number} from @param {number} to
   */
  #fill(from, to) {
    const old = this.built;
    this.built = new Map();
    for (let index = from; index < to; index += 1) {
      const key = this.source.key(index);
      const stamp = this.source.stamp(index);
      const known = old.get(key);
      const isGood = known && stamp.every((each, at) => each === known.stamp[at]);
      this.built.set(key, isGood ? known : { element: this.source.build(index), stamp });
    }
    for (const [key, { element }] of old) if (this.built.get(key)?.element !== element) element.remove();
    let next = this.box.firstElementChild;
    // Elements that stay are not moved: moving one would take the focus from it.
    for (const { element } of this.built.values()) {
      if (next && element === next) next = next.nextElementSibling;
      else this.box.insertBefore(element, next);
    }
    let isNew = false;
    for (const [key, { element }] of this.built) {
      isNew ||= element.offsetHeight !== this.heights.get(key);
      this.heights.set(key, element.offsetHeight);
    }
    return isNew;
  }

  /** @param {number} by */
  #scroll(by) {
    if (Math.abs(by) >= 1) window.scrollBy({ top: by, behavior: "instant" });
  }

  /** @param {number} index */
  element(index) {
    const isThere = index >= 0 && index < this.source.count();
    return isThere ? this.built.get(this.source.key(index))?.element : undefined;
  }

  /** Scroll as little as needed until a row is in the clear. @param {number} index */
  reveal(index) {
    // Heights between here and there may be guesses: measured on the way, a second look corrects the first.
    for (let round = 0; round < 3; round += 1) {
      const [from, to] = this.source.clear();
      const [high, low] = [this.#top + this.tops[index], this.#top + this.tops[index + 1]];
      const by = high < from ? high - from : low > to ? Math.min(low - to, high - from) : 0;
      if (Math.abs(by) < 1) break;
      this.#scroll(by);
      this.draw();
    }
  }
}
