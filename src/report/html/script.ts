/**
 * Shows the titles of a drawing's marks at once; without it browsers show them after a while. Drawings may be
 * replaced at any time.
 */
export const script = `
(() => {
  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  tip.setAttribute('aria-hidden', 'true');
  document.body.append(tip);
  const adopt = (drawing) => {
    for (const title of drawing.querySelectorAll('title')) {
      title.parentNode.dataset.tip = title.textContent;
      title.remove();
    }
  };
  document.querySelectorAll('.plot svg').forEach(adopt);
  addEventListener('pointermove', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const drawing = target?.closest('.plot svg');
    if (drawing) adopt(drawing);
    const mark = target?.closest('[data-tip]') ?? null;
    tip.hidden = mark === null;
    if (mark === null) return;
    tip.textContent = mark.dataset.tip;
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(event.clientX + 12, innerWidth - width - 4)) + 'px';
    tip.style.top = Math.max(4, event.clientY - height - 10) + 'px';
  });
  addEventListener('beforeprint', () => { tip.hidden = true; });
})();
`;
