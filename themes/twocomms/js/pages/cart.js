import { CartCount } from "../elements/cart-count.js";
import { CartLines } from "../elements/cart-lines.js";
import { define } from "../lib/dom.js";

define("cart-count", CartCount);
define("cart-lines", CartLines);
