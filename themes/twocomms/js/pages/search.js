import { AccountLink } from "../elements/account-link.js";
import { CartCount } from "../elements/cart-count.js";
import { FavouriteToggle } from "../elements/favourite-toggle.js";
import { ProductCard } from "../elements/product-card.js";
import { SearchBox } from "../elements/search-box.js";
import { SearchResults } from "../elements/search-results.js";
import { define } from "../lib/dom.js";
import { keepQuery } from "../lib/languages.js";

define("cart-count", CartCount);
define("account-link", AccountLink);
define("favourite-toggle", FavouriteToggle);
define("product-card", ProductCard);
define("search-box", SearchBox);
define("search-results", SearchResults);

keepQuery();
