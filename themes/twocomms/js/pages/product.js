import { BuyForm } from "../elements/buy-form.js";
import { CartCount } from "../elements/cart-count.js";
import { CartDrawer } from "../elements/cart-drawer.js";
import { ProductGallery } from "../elements/product-gallery.js";
import { SizePicker } from "../elements/size-picker.js";
import { define } from "../lib/dom.js";

define("cart-count", CartCount);
define("cart-drawer", CartDrawer);
define("size-picker", SizePicker);
define("buy-form", BuyForm);
define("product-gallery", ProductGallery);
