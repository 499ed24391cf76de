import { AccountLink } from "../elements/account-link.js";
import { CartCount } from "../elements/cart-count.js";
import { FavouritesList } from "../elements/favourites-list.js";
import { SearchBox } from "../elements/search-box.js";
import { define } from "../lib/dom.js";

define("cart-count", CartCount);
define("account-link", AccountLink);
define("search-box", SearchBox);
define("favourites-list", FavouritesList);

// On a phone the menu is a strip: the open page's place in it comes into sight.
document.querySelector(".account-menu [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
