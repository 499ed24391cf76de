import { AccountLink } from "../elements/account-link.js";
import { CartCount } from "../elements/cart-count.js";
import { FavouriteToggle } from "../elements/favourite-toggle.js";
import { ProductCard } from "../elements/product-card.js";
import { SearchBox } from "../elements/search-box.js";
import { SearchResults } from "../elements/search-results.js";
import { define } from "../lib/dom.js";
import { defineLater } from "../lib/later.js";
import { keepQuery } from "../lib/languages.js";

define("cart-count", CartCount);
define("account-link", AccountLink);
define("search-results", SearchResults);
defineLater({ "favourite-toggle": FavouriteToggle });
defineLater({ "product-card": ProductCard });
defineLater({ "search-box": SearchBox });

keepQuery();
