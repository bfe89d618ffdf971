package io.amcinsights.desktop.deployment;

import software.amazon.awssdk.services.cloudformation.model.StackStatus;

/** What a stack's status means for the person who looks after it. */
public enum StackState {
    /** A change set was made for a stack that does not exist, and never carried out. */
    UNDER_REVIEW,
    CREATING,
    UPDATING,
    ROLLING_BACK,
    REMOVING,
    READY,
    /** It works, as it was before an update that failed. */
    READY_AFTER_FAILURE,
    /** Its first creation failed: nothing but to remove it. */
    FAILED_CREATION,
    /** An update failed, and was left half done. */
    HALF_UPDATED,
    /** An update failed, and so did the way back. */
    STUCK,
    /** Its removal failed. */
    HALF_REMOVED,
    REMOVED;

    static StackState of(StackStatus status) {
        return switch (status) {
            case REVIEW_IN_PROGRESS -> UNDER_REVIEW;
            case CREATE_IN_PROGRESS, IMPORT_IN_PROGRESS -> CREATING;
            case UPDATE_IN_PROGRESS, UPDATE_COMPLETE_CLEANUP_IN_PROGRESS -> UPDATING;
            case ROLLBACK_IN_PROGRESS,
                    UPDATE_ROLLBACK_IN_PROGRESS,
                    UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS,
                    IMPORT_ROLLBACK_IN_PROGRESS ->
                    ROLLING_BACK;
            case DELETE_IN_PROGRESS -> REMOVING;
            case CREATE_COMPLETE, UPDATE_COMPLETE, IMPORT_COMPLETE -> READY;
            case UPDATE_ROLLBACK_COMPLETE, IMPORT_ROLLBACK_COMPLETE -> READY_AFTER_FAILURE;
            case CREATE_FAILED, ROLLBACK_COMPLETE, ROLLBACK_FAILED -> FAILED_CREATION;
            case UPDATE_FAILED -> HALF_UPDATED;
            case UPDATE_ROLLBACK_FAILED, IMPORT_ROLLBACK_FAILED -> STUCK;
            case DELETE_FAILED -> HALF_REMOVED;
            case DELETE_COMPLETE -> REMOVED;
            // A status that AWS invents later is neither ready nor ours to act on: look again.
            case UNKNOWN_TO_SDK_VERSION -> UPDATING;
        };
    }

    /** Whether something is under way, whoever began it. */
    public boolean moving() {
        return switch (this) {
            case CREATING, UPDATING, ROLLING_BACK, REMOVING -> true;
            case UNDER_REVIEW,
                    READY,
                    READY_AFTER_FAILURE,
                    FAILED_CREATION,
                    HALF_UPDATED,
                    STUCK,
                    HALF_REMOVED,
                    REMOVED ->
                    false;
        };
    }

    /** Whether it can be opened and updated. */
    public boolean works() {
        return this == READY || this == READY_AFTER_FAILURE;
    }
}
