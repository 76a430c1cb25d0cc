// The small behaviours of every page. What is in the address the server writes; what is a person's
// taste (theme, row height) goes into a cookie, so that the server draws the next page right at once.

const root = document.documentElement;
const YEAR = 365 * 24 * 60 * 60;

function remember(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
}

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

const does = {
  theme() {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember("theme", root.dataset.theme);
    document.dispatchEvent(new Event("opsgauge:theme"));
  },

  density(button) {
    for (const other of button.parentElement.children) other.setAttribute("aria-pressed", other === button);
    root.dataset.density = button.value;
    remember("density", button.value);
  },

  // The definition opens beside the page without a new one; the address follows.
  drawer(link, event) {
    const drawer = document.getElementById("definition");
    if (!drawer) return;
    event.preventDefault();
    drawer.hidden = !drawer.hidden;
    drawer.parentElement.classList.toggle("with-drawer", !drawer.hidden);
    const opener = document.querySelector("[aria-controls=definition]");
    opener.setAttribute("aria-expanded", !drawer.hidden);
    const address = new URL(location);
    address.searchParams.set("definition", drawer.hidden ? "closed" : "open");
    history.replaceState(null, "", address);
    (drawer.hidden ? opener : drawer.querySelector("a")).focus();
    dispatchEvent(new Event("resize"));
  },

  // A chart and its table hold the same numbers; one of them is shown.
  table(button) {
    const table = document.getElementById(button.getAttribute("aria-controls"));
    table.hidden = !table.hidden;
    table.parentElement.querySelector("[data-picture]").hidden = !table.hidden;
    button.setAttribute("aria-pressed", !table.hidden);
    button.textContent = table.hidden ? "as a table" : "as a chart";
  },

  print() {
    window.print();
  },
};

document.addEventListener("click", (event) => {
  const control = event.target.closest("[data-do]");
  if (control) does[control.dataset.do](control, event);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.closest("input, textarea, select")) {
    event.preventDefault();
    document.getElementById("search").focus();
  }
});

// Sliders and choices of a form that says so take effect at once.
for (const form of document.querySelectorAll("form[data-submits]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

for (const range of document.querySelectorAll("input[type=range]")) {
  const show = () => {
    const share = (range.value - range.min) / (range.max - range.min || 1);
    range.style.setProperty("--at", `${share * 100}%`);
  };
  range.addEventListener("input", () => {
    show();
    range.parentElement.querySelector("output").textContent = range.value;
  });
  show();
}

// A bar that scrolls sideways begins at where one is, and shows on which side there is more.
for (const bar of document.querySelectorAll(".nav, .sub .wrap")) {
  const here = bar.querySelector("[aria-current]");
  const more = () => {
    bar.classList.toggle("more-before", bar.scrollLeft > 2);
    bar.classList.toggle("more-after", bar.scrollLeft + bar.clientWidth < bar.scrollWidth - 2);
  };
  if (here) {
    const [inner, outer] = [here.getBoundingClientRect(), bar.getBoundingClientRect()];
    bar.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  }
  bar.addEventListener("scroll", more, { passive: true });
  window.addEventListener("resize", more);
  more();
}

// A map that is drawn top down and wider than its box begins at its first step.
for (const box of document.querySelectorAll(".map-box.only-narrow")) {
  const steps = [...box.querySelectorAll(".node")].map((step) => step.getBoundingClientRect());
  if (steps.length && box.scrollWidth > box.clientWidth) {
    const first = steps.reduce((one, other) => (other.top < one.top ? other : one));
    const outer = box.getBoundingClientRect();
    box.scrollLeft += first.left - outer.left - (outer.width - first.width) / 2;
  }
}
