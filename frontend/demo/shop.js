/** Fills the demo shop from the company's own files; every value is set as text. */

const SHAPES = {
  冰箱: "M42 8h36a6 6 0 0 1 6 6v92a6 6 0 0 1-6 6H42a6 6 0 0 1-6-6V14a6 6 0 0 1 6-6ZM36 46h48M74 24v12M74 56v20",
  洗衣机: "M36 10h48a6 6 0 0 1 6 6v88a6 6 0 0 1-6 6H36a6 6 0 0 1-6-6V16a6 6 0 0 1 6-6ZM30 32h60M60 48a24 24 0 1 1 0 48 24 24 0 0 1 0-48ZM60 58a14 14 0 1 1 0 28 14 14 0 0 1 0-28ZM40 21h14",
  空调: "M16 34h88a8 8 0 0 1 8 8v20a8 8 0 0 1-8 8H16a8 8 0 0 1-8-8V42a8 8 0 0 1 8-8ZM20 60h80M34 80c0 7-7 7-7 14M60 80c0 7-7 7-7 14M86 80c0 7-7 7-7 14",
  电视: "M12 22h96a5 5 0 0 1 5 5v56a5 5 0 0 1-5 5H12a5 5 0 0 1-5-5V27a5 5 0 0 1 5-5ZM40 102h40M60 88v14",
  电饭煲: "M24 52h72v36a16 16 0 0 1-16 16H40a16 16 0 0 1-16-16V52ZM20 52c0-16 18-26 40-26s40 10 40 26H20ZM52 26v-8h16v8M46 78h28",
  热水器: "M24 26h72a12 12 0 0 1 12 12v32a12 12 0 0 1-12 12H24a12 12 0 0 1-12-12V38a12 12 0 0 1 12-12ZM38 82v20M82 82v20M74 54a8 8 0 1 1 16 0 8 8 0 0 1-16 0",
  油烟机: "M48 10h24v40H48V10ZM48 50 20 86v14h80V86L72 50M32 86h56",
  洗碗机: "M32 12h56a6 6 0 0 1 6 6v84a6 6 0 0 1-6 6H32a6 6 0 0 1-6-6V18a6 6 0 0 1 6-6ZM26 36h68M44 24h16M40 52h40M40 90c0-26 40-26 40 0",
  吸尘器: "M84 8 52 88M78 6h16M40 88h36l6 18H34l6-18ZM66 40l14 6-8 20-14-6",
  扫地机器人: "M60 20a40 40 0 1 1 0 80 40 40 0 0 1 0-80ZM60 46a12 12 0 1 1 0 24 12 12 0 0 1 0-24ZM32 84c16 12 40 12 56 0",
  手机: "M42 8h36a8 8 0 0 1 8 8v88a8 8 0 0 1-8 8H42a8 8 0 0 1-8-8V16a8 8 0 0 1 8-8ZM52 18h16M54 100h12",
  空气净化器: "M38 14h44a8 8 0 0 1 8 8v76a8 8 0 0 1-8 8H38a8 8 0 0 1-8-8V22a8 8 0 0 1 8-8ZM42 34h36M42 46h36M42 58h36M60 82a6 6 0 1 1 0 12 6 6 0 0 1 0-12",
};
const OTHER = "M24 40 60 22l36 18v42L60 100 24 82V40ZM24 40l36 18 36-18M60 58v42";

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function picture(kind) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 120 120");
  svg.setAttribute("class", "picture");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", SHAPES[kind] ?? OTHER);
  svg.append(path);
  return svg;
}

function card(product) {
  const item = element("li");
  const about = element("div", "about");
  about.append(
    element("h3", "", product.name),
    element("p", "", product.benefit),
    element("span", "price", `¥ ${Number(product.price).toLocaleString("zh-CN")}`),
  );
  item.append(picture(product.kind), about);
  return item;
}

function order(entry) {
  const item = element("li");
  item.append(element("code", "", entry.number), ` ${entry.products.join("、")}`);
  return item;
}

function fill(name, text) {
  for (const place of document.querySelectorAll(`[data-${name}]`)) place.textContent = text;
}

const shop = await (await fetch("/demo/shop.json")).json();
for (const name of ["company", "slogan", "hotline", "hours"]) fill(name, shop[name]);
document.querySelector("[data-products]").append(...shop.products.map(card));
document.querySelector("[data-orders]").append(...shop.orders.map(order));
