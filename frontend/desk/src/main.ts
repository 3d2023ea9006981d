import "./zone";
import { createApp } from "vue";
import "element-plus/dist/index.css";
import "element-plus/theme-chalk/dark/css-vars.css";
import "./styles.css";
import "./forms.css";
import "./tickets.css";
import "./knowledge.css";
import "./people.css";
import "./talks.css";
import "./components/customers/customers.css";
import "./components/supervision/supervision.css";
import App from "./components/App.vue";

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark", dark.matches);
follow();
dark.addEventListener("change", follow);

createApp(App).mount("#app");
