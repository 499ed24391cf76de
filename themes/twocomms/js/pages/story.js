import { CartCount } from "../elements/cart-count.js";
import { define } from "../lib/dom.js";

define("cart-count", CartCount);
