import { AccountLink } from "../elements/account-link.js";
import { CartCount } from "../elements/cart-count.js";
import { OfflineNote } from "../elements/offline-note.js";
import { SearchBox } from "../elements/search-box.js";
import { define } from "../lib/dom.js";

define("cart-count", CartCount);
define("account-link", AccountLink);
define("search-box", SearchBox);
define("offline-note", OfflineNote);
