package io.catga.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.Locale;

/** What an error of Redis, or of the way to it, means for who has sent the command. */
enum RedisFailure {
    /** The connection broke, or nothing came back in time: it may or may not have happened. */
    UNKNOWN,
    /** The node is no master any more, and has done nothing. */
    DEMOTED,
    /** No replica follows the master closely enough just now, or it is still loading; it has done nothing. */
    NOT_NOW,
    /** The node does not know the script. */
    NO_SCRIPT,
    /** The consumer group does not exist. */
    NO_GROUP,
    /** The user is not who it says, or may not do that; in a script, what came before it has been done. */
    FORBIDDEN,
    /** The node has no memory left for writes. */
    FULL,
    /** A mistake of ours. */
    DEFECT;

    /** By the word with which every error of Redis begins. */
    static RedisFailure of(Throwable cause) {
        if (!(cause instanceof RedisCommandExecutionException) || cause.getMessage() == null) {
            return UNKNOWN;
        }
        String message = cause.getMessage();
        // An error inside a script is wrapped: "ERR -READONLY …" on older versions.
        String word = message.replaceFirst("^ERR -", "").split(" ", 2)[0].toUpperCase(Locale.ROOT);
        return switch (word) {
            case "READONLY", "UNBLOCKED" -> DEMOTED;
            case "NOREPLICAS", "LOADING", "MASTERDOWN", "BUSY", "TRYAGAIN" -> NOT_NOW;
            case "NOSCRIPT" -> NO_SCRIPT;
            case "NOGROUP" -> NO_GROUP;
            case "NOAUTH", "WRONGPASS", "NOPERM" -> FORBIDDEN;
            case "OOM", "MISCONF" -> FULL;
            default -> message.contains("WAIT cannot be used with replica") ? DEMOTED : DEFECT;
        };
    }
}
