/**
 * The one script of the pages, without which everything works: a box that filters the rows of a long table while one types, and a
 * click that copies what is marked `data-copy`. Its words come from the page.
 */
export const comfort = `'use strict';
for (const box of document.querySelectorAll('input[data-filter]')) {
  const table = document.getElementById(box.dataset.filter);
  if (table === null) continue;
  box.closest('[hidden]')?.removeAttribute('hidden');
  box.addEventListener('input', () => {
    const wanted = box.value.trim().toLowerCase();
    for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
}
for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  });
}
`;
