import { AccountLink } from "../elements/account-link.js";
import { CartCount } from "../elements/cart-count.js";
import { OfflineNote } from "../elements/offline-note.js";
import { SearchBox } from "../elements/search-box.js";
import { define } from "../lib/dom.js";
import { defineLater } from "../lib/later.js";

define("cart-count", CartCount);
define("account-link", AccountLink);
define("offline-note", OfflineNote);
defineLater({ "search-box": SearchBox });
