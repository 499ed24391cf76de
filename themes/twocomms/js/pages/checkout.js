import { BranchPicker } from "../elements/branch-picker.js";
import { CheckoutForm } from "../elements/checkout-form.js";
import { define } from "../lib/dom.js";

define("checkout-form", CheckoutForm);
define("branch-picker", BranchPicker);
