// A button with data-copy takes the text of the element of that id to the clipboard. It is
// hidden where there are no scripts: the text can be selected all the same.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    for (let d = source.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
    getSelection().selectAllChildren(source);
    let copied = true;
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch { // only pages of https and of this machine may write there
      copied = document.execCommand("copy");
    }
    button.textContent = copied ? "Copied" : "Press Ctrl+C";
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}
