import { AccountLink } from "../elements/account-link.js";
import { CartCount } from "../elements/cart-count.js";
import { SearchBox } from "../elements/search-box.js";
import { define } from "../lib/dom.js";
import { fetchLater } from "../lib/fetch-later.js";
import { defineLater } from "../lib/later.js";

define("cart-count", CartCount);
define("account-link", AccountLink);
fetchLater();
defineLater({ "search-box": SearchBox });
