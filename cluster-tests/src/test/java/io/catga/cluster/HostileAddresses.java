package io.catga.cluster;

import java.util.List;

/** What stands in the first line of a request: methods, paths and parameters, each as nobody means it well. */
final class HostileAddresses {

    private static final List<String> METHODS = List.of(
            "TRACE",
            "TRACK",
            "CONNECT",
            "OPTIONS",
            "HEAD",
            "PUT",
            "PATCH",
            "DELETE",
            "PROPFIND",
            "MKCOL",
            "LOCK",
            "SEARCH",
            "DEBUG",
            "PURGE",
            "QUERY",
            "PRI",
            "FOO",
            "get",
            "Post",
            "GE T",
            "GET\u0000",
            "G\u00c9T",
            "\u001b[31m",
            "GET/",
            "{}",
            "'",
            "M".repeat(5_000));
    private static final List<String> ADDRESSES = List.of(
            "/api/orders",
            "/api/orders/1",
            "/api/orders/1/cancel",
            "/api/orders/1/history",
            "/api/orders/history",
            "/api/instances",
            "/api/notifications",
            "/console/icon.svg",
            "/error",
            "/",
            "/console/index.html",
            "/swagger-ui/index.html",
            "/v3/api-docs",
            "*",
            "host:443",
            "http://evil.example/api/orders");

    private static final List<String> FOLDERS = List.of(
            "/",
            "/api/orders/",
            "/api/notifications/",
            "/console/",
            "/swagger-ui/",
            "/v3/api-docs/",
            "/webjars/",
            "/actuator/",
            "/error/",
            "/nginx-problems/",
            "//",
            "/./");
    private static final List<String> UPWARDS = List.of(
            "../",
            "..%2f",
            "%2e%2e/",
            "%2e%2e%2f",
            "%252e%252e%252f",
            "..%252f",
            "..;/",
            "..;x=1/",
            ";/../",
            "..\\",
            "..%5c",
            "%2e%2e%5c",
            "%c0%ae%c0%ae/",
            "%c0%ae%c0%ae%c0%af",
            "%uff0e%uff0e/",
            "..%00/",
            "....//",
            ".%2e/",
            "../%2e/",
            "..%09/",
            "..%0d%0a/",
            "%e2%80%ae../",
            "//..//");
    private static final List<String> GOALS = List.of(
            "etc/passwd",
            "etc/shadow",
            "proc/self/environ",
            "proc/self/root/etc/passwd",
            "app/application.yml",
            "application.yml",
            "order-app.yml",
            "BOOT-INF/classes/application.yml",
            "WEB-INF/web.xml",
            "META-INF/MANIFEST.MF",
            "org/springframework/boot/loader/launch/JarLauncher.class",
            "actuator",
            "actuator/env",
            "actuator/heapdump",
            "actuator/threaddump",
            "actuator/shutdown",
            "actuator/catgadeadletters",
            "actuator/catga",
            ".git/config",
            ".env",
            "nginx-problems/bad-request",
            "windows/win.ini");

    private static final List<String> QUESTIONS = List.of(
            "/api/orders?customerId=",
            "/api/orders?limit=",
            "/api/orders?cursor=",
            "/api/orders?limit=100&cursor=",
            "/api/orders?customerId=x&cursor=",
            "/api/orders/history?id=",
            "/api/notifications?orderId=",
            "/api/orders?",
            "/console/icon.svg?",
            "/console/index.html?",
            "/v3/api-docs?");
    private static final List<String> ANSWERS = List.of(
            "0",
            "-1",
            "101",
            "2147483648",
            "9".repeat(300),
            "1e3",
            "0x10",
            "%2B1",
            "%D9%A1",
            "%00",
            "%",
            "%z",
            "%zz",
            "%ff%fe",
            "%c0%af",
            "%ed%a0%80",
            "%f0%9f%98%80",
            "%E2%80%A8",
            "\\xff",
            "[]",
            "{}",
            "a=b=c",
            "&&&",
            "1&limit=2",
            "1&customerId=a&customerId=b",
            "1;limit=2",
            "x&[]=1&a[b]=c&a.b.c=d",
            "x&__proto__.admin=1",
            "x&class.module.classLoader=1",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "*",
            "orders",
            "?",
            "#",
            "\u00ff");

    private final Dice dice;
    private final String mark;

    HostileAddresses(Dice dice, String mark) {
        this.dice = dice;
        this.mark = mark;
    }

    String method() {
        return dice.one(METHODS);
    }

    String address() {
        return dice.one(ADDRESSES);
    }

    String path() {
        return switch (dice.below(8)) {
            case 0 -> dice.one(FOLDERS) + HostileTexts.percent(HostileTexts.any(dice, mark));
            case 1 -> dice.one(FOLDERS) + HostileTexts.any(dice, mark);
            case 2 -> dice.one(FOLDERS) + dice.one(GOALS);
            case 3 -> "/api/orders/" + HostileTexts.percent(HostileTexts.any(dice, mark)) + "/history";
            case 4 -> odd();
            default -> dice.one(FOLDERS) + dice.one(UPWARDS).repeat(1 + dice.below(8)) + dice.one(GOALS);
        };
    }

    private String odd() {
        return dice.one(List.of(
                "//",
                "///",
                "//:",
                "//@",
                "//[",
                "//x:99999/",
                "//evil.example/%2f..",
                "/api//orders///1",
                "/api/orders/",
                "/api/orders/.",
                "/api/orders/..",
                "/api/orders/;",
                "/api/orders;v=1",
                "/api/orders/1;jsessionid=" + mark,
                "/%61ctuator/health",
                "/actuator;x/health",
                "/ACTUATOR/HEALTH",
                "/actuator%2fhealth",
                "/api/orders/%",
                "/api/orders/%zz",
                "/api/orders/%00",
                "/api/orders/%7f",
                "/api/orders/\u00ff\u00fe",
                "/api/orders/\u0000",
                "/api/orders/\u001b[31m" + mark,
                "/api/orders/{orderId}",
                "/api/orders/\"<>`|^",
                "\\api\\orders",
                "api/orders",
                "?",
                "#",
                "/#/../actuator",
                "/index.html",
                "/favicon.ico",
                "/api/orders/" + "a/".repeat(1_000),
                "/api/orders/" + "%41".repeat(2_000),
                "/" + "a".repeat(7_900),
                "/" + "a".repeat(20_000)));
    }

    String query() {
        return switch (dice.below(6)) {
            case 0 -> dice.one(QUESTIONS) + HostileTexts.percent(HostileTexts.any(dice, mark));
            case 1 -> dice.one(QUESTIONS) + HostileTexts.any(dice, mark).replace(' ', '+');
            case 2 -> dice.one(QUESTIONS) + many(dice.one(List.of("x", "limit=1", "orderId=", "customerId=%00")));
            default -> dice.one(QUESTIONS) + dice.one(ANSWERS);
        };
    }

    private String many(String parameter) {
        return "1" + ("&" + parameter).repeat(1 + dice.below(1_500));
    }
}
