"""What people type in marking: its shape; what it means is decided by actions."""
