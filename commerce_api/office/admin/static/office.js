// Stands in for the inline handlers that the content policy of the office does not allow.
document.addEventListener("click", (event) => {
  const button = event.target.closest('[data-office="apply-columns"]');
  if (button && typeof window.applyColumnVisibility === "function") window.applyColumnVisibility();
});

document.addEventListener("change", (event) => {
  const select = event.target.closest('[data-office="go-to-value"]');
  if (select) window.location.assign(select.value);
});
