import { describe, expect, it } from "vitest";
import { blank, problems } from "../src/logic/forms";
import { agentWords, linkOf, NEW_PASSWORD, personEdit, personFields, sameTwice } from "../src/logic/people";
import type { Person } from "../src/people";

const PERSON = {
  id: "wangfang", name: "王芳", number: "S1008", role: "agent", department: "service", capacity: 4, skills: ["returns", "price"],
  second_factor_required: true,
} as Person;

describe("the form of an account", () => {
  it("asks for the name to sign in with only once", () => {
    expect(personFields(null, {}).map((one) => one.name)).toContain("id");
    expect(personFields(PERSON, {}).map((one) => one.name)).not.toContain("id");
  });

  it("begins with what is there and gives it back unchanged", () => {
    const edit = personEdit(blank(personFields(PERSON, { returns: "退换货", price: "价格" })));
    expect(edit).toEqual({
      name: "王芳", number: "S1008", role: "agent", department: "service", capacity: 4, skills: ["returns", "price"], second_factor_required: true,
    });
  });

  it("takes no skills for none, and no letters for a number of customers", () => {
    const fields = personFields(PERSON, {});
    expect(personEdit({ ...blank(fields), skills: "" }).skills).toEqual([]);
    expect(problems(fields, { ...blank(fields), capacity: "四位" }, new Date()).capacity).toBe("请填写整数");
  });
});

describe("a password", () => {
  it("is typed twice the same", () => {
    expect(sameTwice({ password: "a", again: "b" })).toEqual({ again: "两次输入的密码不一样" });
    expect(sameTwice({ password: "a", again: "a" })).toEqual({});
    expect(sameTwice({ password: "a", again: "" })).toEqual({});
  });

  it("is long enough before it is sent", () => {
    expect(problems(NEW_PASSWORD, { password: "short", again: "short" }, new Date()).password).toBe("至少 10 个字");
  });
});

describe("where somebody is signed in", () => {
  it.each([
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36", "Chrome · Windows"],
    ["Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0", "Edge · Windows"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0", "微信 · 苹果手机或平板"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox · Linux"],
    ["python-httpx/0.28", "python-httpx/0.28"],
    ["", "未知设备"],
  ])("%s is %s", (agent, words) => expect(agentWords(agent)).toBe(words));

  it("a link leads to this desk", () => {
    expect(linkOf("/desk/invitation#abc", "https://desk.example")).toBe("https://desk.example/desk/invitation#abc");
  });
});
