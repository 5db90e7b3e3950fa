package io.catga.cluster;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium of this machine, and the chromedriver that came with it; nothing is downloaded. */
final class Browser implements AutoCloseable {

    private static final List<String> BROWSERS = List.of("chromium", "google-chrome", "chromium-browser");
    private static final List<String> DRIVERS = List.of("chromedriver");

    /** Warns of each browser that is newer than itself. Kept here, or it would forget its level. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /**
     * Starts one.
     *
     * @throws AssertionError where the machine has none; the message says how to get it
     */
    static Browser start() {
        SELENIUM.setLevel(Level.SEVERE);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(find(BROWSERS));
        options.addArguments("--headless=new", "--disable-dev-shm-usage", "--disable-background-networking");
        options.addArguments("--hide-scrollbars", "--lang=en");
        if ("root".equals(System.getProperty("user.name"))) {
            // Chromium refuses its sandbox to root. What it opens here is this project's own page.
            options.addArguments("--no-sandbox");
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(find(DRIVERS))
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static File find(List<String> names) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return names.stream()
                .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toFile)
                .orElseThrow(() -> new AssertionError("the tests of the console need " + names.getFirst()
                        + ", which is not on the PATH: run './verify.sh' as root, which installs it on Debian, or"
                        + " 'apt-get install chromium chromium-driver', or install Chrome and its chromedriver"));
    }

    void open(String address) {
        driver.get(address);
    }

    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    /** What all of them show, also those that are not in the window. */
    List<String> texts(String selector) {
        return driver.findElements(By.cssSelector(selector)).stream()
                .map(element -> String.valueOf(element.getDomProperty("textContent")))
                .toList();
    }

    void type(String selector, String text) {
        WebElement field = find(selector);
        field.clear();
        field.sendKeys(text);
    }

    /** What has the focus. */
    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    /** A window of this size, in CSS pixels, for a person who prefers these colours: {@code light} or {@code dark}. */
    void show(int width, int height, String colours) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 700));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
    }

    /** How much of the page is beyond the right edge of the window. */
    long overflow() {
        return (Long) run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    }

    Object run(String script) {
        return Optional.ofNullable(driver.executeScript(script)).orElse("");
    }

    /** What the page, or its policy, has complained about since the last call; failed requests are no complaint. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .filter(message ->
                        Stream.of("Failed to load resource", "net::ERR_").noneMatch(message::contains))
                .toList();
    }

    /** A picture of the window, as PNG. */
    byte[] picture() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
