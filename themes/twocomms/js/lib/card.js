import { all, one, say } from "./dom.js";
import { money } from "./money.js";

const PICTURE = /\/images\/\w+-/g;
const SECOND_CLOTH = "M20 0v20H0z";

/** Shows a product in a copy of any card; `palette` are the colours of the pointer, `shade` the colour to show or "".
 * The markup is that of macros/product_card.html. */
export function fillCard(card, record, palette, shade) {
  const face = record.colours.find((colour) => colour.slug === shade) || record.colours[0];
  const plain = shade || !record.from;
  const heart = one("favourite-toggle button", card);
  card.classList.remove("product-card-turned");
  card.dataset.slug = record.path.split("/").at(-2);
  if (heart) heart.value = card.dataset.slug;
  say(one("favourite-toggle .hidden span", card), record.name);
  say(one(".product-card-name a", card), record.name);
  const [model] = all(".product-card-colours a", card);
  model.removeAttribute("data-old");
  model.removeAttribute("aria-current");
  const links = record.colours.map((colour, at) => fillSwatch(model.cloneNode(true), colour, palette[colour.slug], at ? `${record.path}${colour.slug}/` : record.path));
  model.parentElement.replaceChildren(...links);
  showColour(card, links[record.colours.indexOf(face)]);
  one("img", card).alt = face.alt || "";
  say(one(".product-card-sizes :last-child", card), (face.sizes || []).join(" "));
  if (!plain) fillPrice(card, record.price, 0, true);
  return card;
}

function fillSwatch(link, colour, [name, cloth, second], address) {
  link.setAttribute("href", address);
  link.setAttribute("aria-label", name);
  link.dataset.pictures = (colour.pictures || []).join(" ");
  link.dataset.price = colour.price;
  if (colour.old) link.dataset.old = colour.old;
  const swatch = one("svg", link);
  const path = one("path", swatch).cloneNode();
  path.setAttribute("fill", cloth);
  swatch.replaceChildren(path);
  if (second) {
    swatch.append(path.cloneNode());
    swatch.lastChild.setAttribute("fill", second);
    swatch.lastChild.setAttribute("d", SECOND_CLOTH);
  }
  return link;
}

/** Shows the colour of one of a card's swatches: pictures, price, address. */
export function showColour(card, link) {
  for (const each of all("[aria-current]", card)) each.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  const name = one(".product-card-name a", card);
  name.setAttribute("href", link.getAttribute("href"));
  const keys = link.dataset.pictures.split(" ");
  all("picture", card).forEach((picture, at) => {
    if (keys[at]) showPicture(picture, keys[at]);
  });
  const front = one("img", card);
  if (front) front.alt = `${name.textContent}, ${link.getAttribute("aria-label")}`;
  fillPrice(card, Number(link.dataset.price), Number(link.dataset.old || 0), false);
}

function showPicture(picture, key) {
  for (const [element, name] of [[one("source", picture), "srcset"], [one("img", picture), "src"]]) {
    element.setAttribute(name, element.getAttribute(name).replace(PICTURE, `/images/${key}-`));
  }
}

function fillPrice(card, price, old, more) {
  one(".price-from", card).hidden = !more;
  one(".price-was", card).hidden = !old;
  say(one(".price-old", card), money(old || price));
  const now = one(".price-now", card);
  say(now, money(price));
  now.classList.toggle("price-lower", old > 0);
}
