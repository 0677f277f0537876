/** A queue that gives any of its members up in constant time. */
export interface Ring<T> {
  push(value: T): RingNode<T>;
  /** Does nothing for a node that is out already. */
  remove(node: RingNode<T>): void;
  first(): RingNode<T> | undefined;
  last(): RingNode<T> | undefined;
  size(): number;
}

export interface RingNode<T> {
  readonly value: T;
  before: RingNode<T> | undefined;
  after: RingNode<T> | undefined;
  linked: boolean;
}

/** A linked list: a Map that is emptied at its head slows down with what was deleted. */
export function createRing<T>(): Ring<T> {
  let head: RingNode<T> | undefined;
  let tail: RingNode<T> | undefined;
  let size = 0;
  return {
    push(value) {
      const node: RingNode<T> = { value, before: tail, after: undefined, linked: true };
      if (tail === undefined) head = node;
      else tail.after = node;
      tail = node;
      size += 1;
      return node;
    },
    remove(node) {
      if (!node.linked) return;
      if (node.before === undefined) head = node.after;
      else node.before.after = node.after;
      if (node.after === undefined) tail = node.before;
      else node.after.before = node.before;
      node.linked = false;
      node.before = undefined;
      node.after = undefined;
      size -= 1;
    },
    first: () => head,
    last: () => tail,
    size: () => size,
  };
}
