import { AccountLink } from "../elements/account-link.js";
import { CartCount } from "../elements/cart-count.js";
import { FavouriteToggle } from "../elements/favourite-toggle.js";
import { ProductCard } from "../elements/product-card.js";
import { SearchBox } from "../elements/search-box.js";
import { define } from "../lib/dom.js";
import { defineLater } from "../lib/later.js";

define("cart-count", CartCount);
define("account-link", AccountLink);
defineLater({ "search-box": SearchBox });
defineLater({ "favourite-toggle": FavouriteToggle });
defineLater({ "product-card": ProductCard });
