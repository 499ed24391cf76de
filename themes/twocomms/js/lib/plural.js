/** The text for a number: `forms` are JSON, CLDR category to text with `{n}`. */
export function plural(forms, n) {
  const texts = JSON.parse(forms);
  return (texts[new Intl.PluralRules(document.documentElement.lang).select(n)] || texts.other).replace("{n}", n);
}
