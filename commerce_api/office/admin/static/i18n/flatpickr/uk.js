// Ukrainian names for the date picker of the office.
(() => {
  const words = {
    firstDayOfWeek: 1,
    time_24hr: true,
    rangeSeparator: " — ",
    weekdays: {
      shorthand: ["нд", "пн", "вт", "ср", "чт", "пт", "сб"],
      longhand: ["неділя", "понеділок", "вівторок", "середа", "четвер", "п’ятниця", "субота"],
    },
    months: {
      shorthand: ["січ", "лют", "бер", "кві", "тра", "чер", "лип", "сер", "вер", "жов", "лис", "гру"],
      longhand: [
        "січень", "лютий", "березень", "квітень", "травень", "червень",
        "липень", "серпень", "вересень", "жовтень", "листопад", "грудень",
      ],
    },
    ordinal: () => "",
  };
  if (window.flatpickr) window.flatpickr.l10ns.uk = words;
})();
