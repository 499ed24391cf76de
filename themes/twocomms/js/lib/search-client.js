/** Asks the search worker, which starts with the first question. Only the answer to the last question counts; others give null.
 * `script` is the address of the worker as lib/trusted.js gives it. */
export class SearchClient {
  constructor(script, pointer) {
    this.script = script;
    this.pointer = pointer;
    this.id = 0;
  }

  ask(query, count, wish = null) {
    this.worker ??= this.start();
    const id = ++this.id;
    this.waiting?.(null);
    this.worker.postMessage({ id, pointer: this.pointer, query, count, wish });
    return new Promise((answer) => (this.waiting = answer));
  }

  start() {
    const worker = new Worker(this.script);
    worker.addEventListener("message", ({ data }) => data.id === this.id && this.hand(data));
    worker.addEventListener("error", () => this.hand({ failed: true }));
    return worker;
  }

  hand(data) {
    this.waiting?.(data);
    this.waiting = null;
  }
}
