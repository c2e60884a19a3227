"""What people type in answering: its shape; what it means is decided by actions."""
