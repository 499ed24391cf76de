import { AccountLink } from "../elements/account-link.js";
import { CartCount } from "../elements/cart-count.js";
import { FavouriteToggle } from "../elements/favourite-toggle.js";
import { FavouritesList } from "../elements/favourites-list.js";
import { ProductCard } from "../elements/product-card.js";
import { SearchBox } from "../elements/search-box.js";
import { define, one, whenRead } from "../lib/dom.js";
import { defineLater } from "../lib/later.js";

define("cart-count", CartCount);
define("account-link", AccountLink);
define("favourites-list", FavouritesList);
defineLater({ "favourite-toggle": FavouriteToggle });
defineLater({ "product-card": ProductCard });
defineLater({ "search-box": SearchBox });

// On a phone the menu is a strip: the open page's place in it comes into sight.
whenRead(() => one(".account-menu [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }));
