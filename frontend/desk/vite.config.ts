import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

const service = process.env.HELPDESK_URL ?? "http://127.0.0.1:8000";

/** The desk's single page; the service gives it out under /desk. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/desk/",
  plugins: [vue()],
  define: {
    __VUE_OPTIONS_API__: "true",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
  },
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      output: { manualChunks: { vue: ["vue"], elements: ["element-plus"] } },
    },
  },
  server: { proxy: { "/api": service, "/socket.io": { target: service, ws: true } } },
});
