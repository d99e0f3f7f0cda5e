import createClient from "openapi-fetch";
import type { paths } from "./api.js";

const baseUrl = "http://127.0.0.1:8000/api/v1";
const student = { email: "mei@example.com", password: "correct horse", timezone: "Asia/Jakarta" };
const { data: pair, error } = await createClient<paths>({ baseUrl }).POST("/auth/register", { body: student });
if (!pair) throw new Error(error.detail);

const api = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${pair.access_token}` } });
await api.POST("/plans", { body: { title: "Cells", topic: "Biology", duration_minutes: 45 } });
const { data: sessions } = await api.GET("/sessions", { params: { query: { week: "current" } } });
for (const { scheduled_at, title, status } of sessions ?? []) console.log(scheduled_at, title, status);
