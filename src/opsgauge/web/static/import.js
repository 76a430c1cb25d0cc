// Makes the import pages smoother: a bar while a file goes up, and the preview without a new page.
// Everything here works without it, as plain forms.

function say(form, words) {
  const place = form.querySelector("[data-say]");
  if (place) place.textContent = words;
}

function busy(form, on) {
  for (const button of form.querySelectorAll("button")) button.disabled = on;
  form.setAttribute("aria-busy", on);
}

function upload(form) {
  const file = form.elements.file.files[0];
  if (!file) return;
  if (file.size > Number(form.dataset.limit)) {
    say(form, `${file.name} is larger than ${form.dataset.limitWords}, the limit of the setting upload_limit.`);
    return;
  }
  const bar = form.querySelector("progress");
  const sent = new XMLHttpRequest();
  busy(form, true);
  bar.hidden = false;
  say(form, `Uploading ${file.name}`);
  sent.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  });
  sent.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    say(form, `Reading ${file.name}`);
  });
  const fail = (words) => {
    busy(form, false);
    bar.hidden = true;
    say(form, words);
  };
  sent.addEventListener("error", () => fail("The upload broke off. Try once more."));
  sent.addEventListener("load", () => {
    const answer = sent.response ?? {};
    if (answer.href) location.assign(answer.href);
    else fail(answer.error?.message ?? "The file was not taken.");
  });
  sent.responseType = "json";
  sent.open("POST", form.action);
  sent.setRequestHeader("Accept", "application/json");
  sent.send(new FormData(form));
}

async function tryOut(form) {
  busy(form, true);
  say(form, "Trying it on the first records");
  try {
    const body = new FormData(form);
    const answer = await fetch(form.action, { method: "POST", body });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const parts = fresh.querySelectorAll("[data-swapped]");
    const fault = fresh.querySelector(".fault");
    if (!parts.length) throw new Error(fresh.querySelector("h1")?.textContent);
    for (const part of parts) {
      document.querySelector(`[data-swapped="${part.dataset.swapped}"]`).replaceWith(part);
    }
    say(form, fault ? "There is a fault; it stands above." : "Tried: the numbers are new.");
  } catch (why) {
    say(form, why.message || "It could not be tried. Try once more.");
  } finally {
    busy(form, false);
  }
}

function goTo(line) {
  const text = document.getElementById("text");
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + lines[line - 1].length);
  text.scrollTop = (line - 5) * parseFloat(getComputedStyle(text).lineHeight);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const words = event.submitter?.dataset.waits ?? form.dataset.waits;
  if ("upload" in form.dataset) {
    event.preventDefault();
    upload(form);
  } else if ("tries" in form.dataset && !words) {
    event.preventDefault();
    tryOut(form);
  } else if (words) {
    say(form, words);
    setTimeout(() => busy(form, true)); // a button that is switched off at once would not be sent
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-line]");
  if (button) goTo(Number(button.dataset.line));
});

// Back from the next page, a form is ready again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy=true]")) busy(form, false);
});
