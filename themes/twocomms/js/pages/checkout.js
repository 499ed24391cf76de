import { CheckoutForm } from "../elements/checkout-form.js";
import { define } from "../lib/dom.js";

define("checkout-form", CheckoutForm);
