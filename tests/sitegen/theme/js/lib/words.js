/** Says hello. */
export const GREETING = "hello";

export function greet(name) {
  return `${GREETING}, ${name}`;
}
