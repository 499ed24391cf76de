import { greet } from "./lib/words.js";

document.title = greet(document.title);
